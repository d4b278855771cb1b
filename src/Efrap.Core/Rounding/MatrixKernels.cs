using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Efrap.Core.Rounding;

/// <summary>
/// The two matrix products of the layer problem, on one thread and in a fixed order of summation: eight lanes with fused
/// multiply-add on every processor, so that the same inputs give the same bits.
/// </summary>
internal static class MatrixKernels
{
    private const int Lanes = 8;

    /// <summary>C += A·Bᵀ. A is [m, depth], B [n, depth], C [m, n]; all row by row with the given row lengths.</summary>
    internal static void AddProductTransposed(
        ReadOnlySpan<float> a, int aStride, int m, ReadOnlySpan<float> b, int bStride, int n, int depth, Span<float> c, int cStride)
    {
        var i = 0;
        for (; i + 4 <= m; i += 4)
        {
            var j = 0;
            for (; j + 3 <= n; j += 3)
                Dots4x3(a[(i * aStride)..], aStride, b[(j * bStride)..], bStride, depth, c[((i * cStride) + j)..], cStride);
            for (; j < n; j++)
            {
                for (var k = i; k < i + 4; k++)
                    c[(k * cStride) + j] += Dot(a.Slice(k * aStride, depth), b.Slice(j * bStride, depth));
            }
        }

        for (; i < m; i++)
        {
            for (var j = 0; j < n; j++)
                c[(i * cStride) + j] += Dot(a.Slice(i * aStride, depth), b.Slice(j * bStride, depth));
        }
    }

    /// <summary>C += A·B. A is [m, depth], B [depth, n], C [m, n]; all row by row with the given row lengths.</summary>
    internal static void AddProduct(
        ReadOnlySpan<float> a, int aStride, int m, ReadOnlySpan<float> b, int bStride, int n, int depth, Span<float> c, int cStride)
    {
        for (var i = 0; i < m; i++)
        {
            var target = c.Slice(i * cStride, n);
            var k = 0;
            for (; k + 4 <= depth; k += 4)
            {
                var row = (i * aStride) + k;
                AddScaled4(
                    target,
                    a[row], b.Slice(k * bStride, n),
                    a[row + 1], b.Slice((k + 1) * bStride, n),
                    a[row + 2], b.Slice((k + 2) * bStride, n),
                    a[row + 3], b.Slice((k + 3) * bStride, n));
            }

            for (; k < depth; k++)
                AddScaled(target, a[(i * aStride) + k], b.Slice(k * bStride, n));
        }
    }

    /// <summary>target += factor·source.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void AddScaled(Span<float> target, float factor, ReadOnlySpan<float> source)
    {
        ref var t = ref MemoryMarshal.GetReference(target);
        ref var s = ref MemoryMarshal.GetReference(source[..target.Length]);
        var f = Vector256.Create(factor);
        var i = 0;
        for (; i + Lanes <= target.Length; i += Lanes)
        {
            Vector256.FusedMultiplyAdd(f, Vector256.LoadUnsafe(ref s, (nuint)i), Vector256.LoadUnsafe(ref t, (nuint)i))
                .StoreUnsafe(ref t, (nuint)i);
        }

        for (; i < target.Length; i++)
            target[i] = MathF.FusedMultiplyAdd(factor, source[i], target[i]);
    }

    /// <summary>The inner product of two vectors of the same length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static float Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        ref var a = ref MemoryMarshal.GetReference(x);
        ref var b = ref MemoryMarshal.GetReference(y[..x.Length]);
        var sum = Vector256<float>.Zero;
        var i = 0;
        for (; i + Lanes <= x.Length; i += Lanes)
            sum = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref a, (nuint)i), Vector256.LoadUnsafe(ref b, (nuint)i), sum);
        var total = Vector256.Sum(sum);
        for (; i < x.Length; i++)
            total = MathF.FusedMultiplyAdd(x[i], y[i], total);
        return total;
    }

    /// <summary>target += Σ factor·source for four sources, which reads and writes the target once instead of four times.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void AddScaled4(
        Span<float> target,
        float f0, ReadOnlySpan<float> s0,
        float f1, ReadOnlySpan<float> s1,
        float f2, ReadOnlySpan<float> s2,
        float f3, ReadOnlySpan<float> s3)
    {
        ref var t = ref MemoryMarshal.GetReference(target);
        ref var r0 = ref MemoryMarshal.GetReference(s0);
        ref var r1 = ref MemoryMarshal.GetReference(s1);
        ref var r2 = ref MemoryMarshal.GetReference(s2);
        ref var r3 = ref MemoryMarshal.GetReference(s3);
        var (v0, v1, v2, v3) = (Vector256.Create(f0), Vector256.Create(f1), Vector256.Create(f2), Vector256.Create(f3));
        var i = 0;
        for (; i + Lanes <= target.Length; i += Lanes)
        {
            var sum = Vector256.FusedMultiplyAdd(v0, Vector256.LoadUnsafe(ref r0, (nuint)i), Vector256.LoadUnsafe(ref t, (nuint)i));
            sum = Vector256.FusedMultiplyAdd(v1, Vector256.LoadUnsafe(ref r1, (nuint)i), sum);
            sum = Vector256.FusedMultiplyAdd(v2, Vector256.LoadUnsafe(ref r2, (nuint)i), sum);
            sum = Vector256.FusedMultiplyAdd(v3, Vector256.LoadUnsafe(ref r3, (nuint)i), sum);
            sum.StoreUnsafe(ref t, (nuint)i);
        }

        for (; i < target.Length; i++)
        {
            target[i] = MathF.FusedMultiplyAdd(
                f3, s3[i], MathF.FusedMultiplyAdd(f2, s2[i], MathF.FusedMultiplyAdd(f1, s1[i], MathF.FusedMultiplyAdd(f0, s0[i], target[i]))));
        }
    }

    // Twelve sums, three columns and one row fill the sixteen vector registers of AVX2.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dots4x3(
        ReadOnlySpan<float> a, int aStride, ReadOnlySpan<float> b, int bStride, int depth, Span<float> c, int cStride)
    {
        ref var a0 = ref MemoryMarshal.GetReference(a[..depth]);
        ref var a1 = ref MemoryMarshal.GetReference(a.Slice(aStride, depth));
        ref var a2 = ref MemoryMarshal.GetReference(a.Slice(2 * aStride, depth));
        ref var a3 = ref MemoryMarshal.GetReference(a.Slice(3 * aStride, depth));
        ref var b0 = ref MemoryMarshal.GetReference(b[..depth]);
        ref var b1 = ref MemoryMarshal.GetReference(b.Slice(bStride, depth));
        ref var b2 = ref MemoryMarshal.GetReference(b.Slice(2 * bStride, depth));
        Vector256<float> s00 = default, s01 = default, s02 = default, s10 = default, s11 = default, s12 = default;
        Vector256<float> s20 = default, s21 = default, s22 = default, s30 = default, s31 = default, s32 = default;
        nuint k = 0;
        for (; k + Lanes <= (nuint)depth; k += Lanes)
        {
            var (x0, x1, x2) = (Vector256.LoadUnsafe(ref b0, k), Vector256.LoadUnsafe(ref b1, k), Vector256.LoadUnsafe(ref b2, k));
            var y = Vector256.LoadUnsafe(ref a0, k);
            s00 = Vector256.FusedMultiplyAdd(y, x0, s00);
            s01 = Vector256.FusedMultiplyAdd(y, x1, s01);
            s02 = Vector256.FusedMultiplyAdd(y, x2, s02);
            y = Vector256.LoadUnsafe(ref a1, k);
            s10 = Vector256.FusedMultiplyAdd(y, x0, s10);
            s11 = Vector256.FusedMultiplyAdd(y, x1, s11);
            s12 = Vector256.FusedMultiplyAdd(y, x2, s12);
            y = Vector256.LoadUnsafe(ref a2, k);
            s20 = Vector256.FusedMultiplyAdd(y, x0, s20);
            s21 = Vector256.FusedMultiplyAdd(y, x1, s21);
            s22 = Vector256.FusedMultiplyAdd(y, x2, s22);
            y = Vector256.LoadUnsafe(ref a3, k);
            s30 = Vector256.FusedMultiplyAdd(y, x0, s30);
            s31 = Vector256.FusedMultiplyAdd(y, x1, s31);
            s32 = Vector256.FusedMultiplyAdd(y, x2, s32);
        }

        Finish(s00, ref a0, ref b0, ref c[0]);
        Finish(s01, ref a0, ref b1, ref c[1]);
        Finish(s02, ref a0, ref b2, ref c[2]);
        Finish(s10, ref a1, ref b0, ref c[cStride]);
        Finish(s11, ref a1, ref b1, ref c[cStride + 1]);
        Finish(s12, ref a1, ref b2, ref c[cStride + 2]);
        Finish(s20, ref a2, ref b0, ref c[2 * cStride]);
        Finish(s21, ref a2, ref b1, ref c[(2 * cStride) + 1]);
        Finish(s22, ref a2, ref b2, ref c[(2 * cStride) + 2]);
        Finish(s30, ref a3, ref b0, ref c[3 * cStride]);
        Finish(s31, ref a3, ref b1, ref c[(3 * cStride) + 1]);
        Finish(s32, ref a3, ref b2, ref c[(3 * cStride) + 2]);

        void Finish(Vector256<float> sum, ref float x, ref float y, ref float target)
        {
            var total = Vector256.Sum(sum);
            for (var i = k; i < (nuint)depth; i++)
                total = MathF.FusedMultiplyAdd(Unsafe.Add(ref x, i), Unsafe.Add(ref y, i), total);
            target += total;
        }
    }
}
