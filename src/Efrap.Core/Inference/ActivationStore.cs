using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Efrap.Core.Inference;

/// <summary>
/// Keeps activations, one tensor per name and batch: in memory up to a limit, beyond it in temporary files that
/// vanish with the store.
/// </summary>
/// <param name="budget">The memory that this store shares with others.</param>
internal sealed class ActivationStore(ActivationMemory budget) : IDisposable
{
    private readonly Dictionary<(string Name, int Batch), Entry> _entries = [];
    private readonly Dictionary<string, SpillFile> _files = [];
    private readonly Lock _gate = new();

    /// <summary>The element type and rank of a kept value, taken from its first batch.</summary>
    internal SegmentInput Describe(string name)
    {
        lock (_gate)
        {
            var entry = _entries[(name, 0)];
            return new SegmentInput(name, (int)entry.ElementType, entry.Shape.Length);
        }
    }

    /// <summary>The element type and shape of a kept value in one batch.</summary>
    internal (TensorElementType Type, IReadOnlyList<long> Shape) TypeOf(string name, int batch)
    {
        lock (_gate)
        {
            var entry = _entries[(name, batch)];
            return (entry.ElementType, entry.Shape);
        }
    }

    /// <summary>Keeps a value, which belongs to the store from now on.</summary>
    internal void Put(string name, int batch, OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        long size = value.GetTensorMutableRawData().Length;
        var entry = new Entry(info.ElementDataType, info.Shape, size);
        if (budget.TryTake(size))
        {
            entry = entry with { Value = value };
        }
        else
        {
            using (value)
                entry = entry with { Spill = FileOf(name), Offset = FileOf(name).Append(value.GetTensorMutableRawData()) };
        }

        lock (_gate)
            _entries.Add((name, batch), entry);
    }

    /// <summary>Lends a value. The lease must be disposed of before the name is released.</summary>
    internal ActivationLease Get(string name, int batch)
    {
        Entry entry;
        lock (_gate)
            entry = _entries[(name, batch)];
        if (entry.Value is { } held)
            return new ActivationLease(held, owned: false);

        var value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, entry.ElementType, entry.Shape);
        entry.Spill!.Read(entry.Offset, value.GetTensorMutableRawData());
        return new ActivationLease(value, owned: true);
    }

    /// <summary>Forgets a value in all batches.</summary>
    internal void Release(string name)
    {
        lock (_gate)
        {
            foreach (var key in _entries.Keys.Where(k => k.Name == name).ToList())
            {
                _entries.Remove(key, out var entry);
                if (entry!.Value is { } value)
                {
                    value.Dispose();
                    budget.Return(entry.Size);
                }
            }

            if (_files.Remove(name, out var file))
                file.Dispose();
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Dispose()
    {
        // A file whose first write failed has no entry yet.
        foreach (var name in _entries.Keys.Select(k => k.Name).Union(_files.Keys).ToList())
            Release(name);
    }

    private SpillFile FileOf(string name)
    {
        lock (_gate)
            return _files.TryGetValue(name, out var file) ? file : _files[name] = new SpillFile();
    }

    private sealed record Entry(TensorElementType ElementType, long[] Shape, long Size)
    {
        internal OrtValue? Value { get; init; }

        internal SpillFile? Spill { get; init; }

        internal long Offset { get; init; }
    }
}

/// <summary>A borrowed activation.</summary>
/// <param name="value">The tensor.</param>
/// <param name="owned">Whether it was made for this lease alone.</param>
internal readonly struct ActivationLease(OrtValue value, bool owned) : IDisposable
{
    /// <summary>The tensor.</summary>
    internal OrtValue Value => value;

    /// <summary>Ends the loan.</summary>
    public void Dispose()
    {
        if (owned)
            value.Dispose();
    }
}

/// <summary>How much memory activations may take, counted over all stores of a run.</summary>
/// <param name="limit">Bytes.</param>
internal sealed class ActivationMemory(long limit)
{
    private long _taken;

    /// <summary>Takes so many bytes, if they are within the limit.</summary>
    internal bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= limit)
            return true;
        Interlocked.Add(ref _taken, -bytes);
        return false;
    }

    /// <summary>Gives bytes back.</summary>
    internal void Return(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
