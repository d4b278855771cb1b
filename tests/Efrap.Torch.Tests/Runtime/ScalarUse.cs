using System.Reflection;
using System.Reflection.Emit;
using TorchSharp;

namespace Efrap.Torch.Tests.Runtime;

/// <summary>
/// Finds, in compiled code, numbers that may be freed while native code reads them: a <see cref="Scalar"/> that is made and handed
/// on at once, with no local variable or field to keep it, and calls of TorchSharp's methods that do so inside.
/// </summary>
internal sealed class ScalarUse
{
    private static readonly Assembly _torch = typeof(Scalar).Assembly;
    private static readonly Dictionary<short, OpCode> _codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!)
        .ToDictionary(c => c.Value);

    private readonly HashSet<MethodBase> _unsafe = [];

    /// <summary>Reads TorchSharp.</summary>
    internal ScalarUse()
    {
        var methods = MethodsOf(_torch.GetTypes()).ToDictionary(m => m, Instructions);
        foreach (var (method, instructions) in methods)
        {
            if (HandsOn(method, instructions))
                _unsafe.Add(method);
        }

        var callers = methods
            .SelectMany(m => m.Value.Where(i => i.Target is not null).Select(i => (Caller: m.Key, Callee: Definition(i.Target!))))
            .ToLookup(c => c.Callee, c => c.Caller);
        var open = new Queue<MethodBase>(_unsafe);
        while (open.TryDequeue(out var found))
        {
            foreach (var caller in callers[found].Where(_unsafe.Add))
                open.Enqueue(caller);
        }
    }

    /// <summary>What types do with numbers that is not safe.</summary>
    /// <param name="types">The types.</param>
    /// <returns>Lines of the form caller → callee.</returns>
    internal IEnumerable<string> Find(params IEnumerable<Type> types)
    {
        foreach (var method in MethodsOf(types))
        {
            var instructions = Instructions(method);
            foreach (var callee in instructions.Select(i => i.Target).OfType<MethodBase>().Where(t => _unsafe.Contains(Definition(t)) || IsOptimizerStep(t)))
                yield return $"{Name(method)} → {Name(callee)}({string.Join(", ", callee.GetParameters().Select(p => p.ParameterType.Name))})";
            if (HandsOn(method, instructions))
                yield return $"{Name(method)} → a Scalar that nothing keeps";
        }
    }

    // A number that is made is stored, or returned, by the next instruction; and where a local variable holds it, something disposes
    // it after its last use. Without that the variable would not keep it either.
    private static bool HandsOn(MethodBase method, List<Instruction> instructions)
    {
        var locals = 0;
        for (var i = 0; i < instructions.Count; i++)
        {
            if (!MakesScalar(instructions[i]))
                continue;
            var next = instructions[i + 1].Code;
            if (next.Name!.StartsWith("stloc", StringComparison.Ordinal))
                locals++;
            else if (next != OpCodes.Ret && next != OpCodes.Stfld && next != OpCodes.Stsfld)
                return true;
        }

        var disposed = instructions.Count(i => i.Target is { Name: "Dispose" or "KeepAlive" });
        return locals > disposed && !method.IsConstructor;
    }

    // Which optimizer steps is not known from the call, and they all make numbers.
    private static bool IsOptimizerStep(MethodBase method) =>
        method.Name == "step" && typeof(torch.optim.Optimizer).IsAssignableFrom(method.DeclaringType);

    private static bool MakesScalar(Instruction instruction) =>
        instruction.Target is ConstructorInfo { DeclaringType: var made } && made == typeof(Scalar) && instruction.Code == OpCodes.Newobj
        || (instruction.Target is MethodInfo { Name: "op_Implicit" or "op_Explicit" or "ToScalar", ReturnType: var type } && type == typeof(Scalar));

    private static IEnumerable<MethodBase> MethodsOf(IEnumerable<Type> types)
    {
        const BindingFlags All =
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        return types.SelectMany(t => t.GetMethods(All).Concat<MethodBase>(t.GetConstructors(All)));
    }

    private static List<Instruction> Instructions(MethodBase method)
    {
        var found = new List<Instruction>();
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } il)
            return found;
        var typeArguments = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        var arguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var at = 0; at < il.Length;)
        {
            var code = il[at] == 0xFE ? _codes[(short)(0xFE00 | il[at + 1])] : _codes[il[at]];
            at += code.Size;
            var target = code.OperandType == OperandType.InlineMethod
                ? method.Module.ResolveMethod(BitConverter.ToInt32(il, at), typeArguments, arguments)
                : null;
            found.Add(new Instruction(code, target));
            at += code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(il, at)),
                _ => 4,
            };
        }

        return found;
    }

    private static MethodBase Definition(MethodBase method) =>
        method.DeclaringType is { IsConstructedGenericType: true } type
            ? type.GetGenericTypeDefinition().Module.ResolveMethod(method.MetadataToken)!
            : method is MethodInfo { IsConstructedGenericMethod: true } generic ? generic.GetGenericMethodDefinition() : method;

    private static string Name(MethodBase method) => $"{method.DeclaringType?.FullName}.{method.Name}";

    private readonly record struct Instruction(OpCode Code, MethodBase? Target);
}
