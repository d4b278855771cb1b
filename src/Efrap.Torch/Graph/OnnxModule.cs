using System.Runtime.InteropServices;
using Efrap.Core;
using Efrap.Core.Onnx;
using Efrap.Torch.Graph.Operators;
using TorchSharp;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;
using Tensor = TorchSharp.torch.Tensor;

namespace Efrap.Torch.Graph;

/// <summary>
/// An ONNX graph that computes on torch tensors, so that gradients flow through it to inputs and initializers. It computes what the
/// model does at inference: BatchNormalization uses its running statistics, Dropout does nothing. Rounding inside QuantizeLinear
/// passes gradients straight through where the value is inside the integers' range.
/// </summary>
/// <remarks>
/// float16 and bfloat16 are computed in single precision, as ONNX Runtime does on processors. The integers of 4 bits and
/// the unsigned ones of 16 bits and more are held in the next signed or unsigned type that torch has. May be used by several
/// threads at once while no initializer is being changed.
/// </remarks>
public sealed class OnnxModule : IDisposable
{
    private readonly ModelGraph _graph;
    private readonly IReadOnlyList<GraphStep> _steps;
    private readonly Dictionary<string, Tensor> _constants;

    private OnnxModule(ModelGraph graph, IReadOnlyList<GraphStep> steps, Dictionary<string, Tensor> constants)
    {
        _graph = graph;
        _steps = steps;
        _constants = constants;
        InputNames = [.. graph.FedInputs.Select(i => i.Name)];
        OutputNames = [.. graph.Model.Proto.Graph.Output.Select(o => o.Name)];
        Parameters = graph.Model.Proto.Graph.Initializer
            .Select(i => i.Name)
            .Distinct()
            .Where(name => constants.TryGetValue(name, out var value) && value.is_floating_point())
            .ToDictionary(name => name, name => constants[name]);
    }

    /// <summary>The inputs that a caller feeds, in the model's order.</summary>
    public IReadOnlyList<string> InputNames { get; }

    /// <summary>The outputs, in the model's order.</summary>
    public IReadOnlyList<string> OutputNames { get; }

    /// <summary>
    /// The floating-point initializers by name, in the model's shapes. They ask for no gradient until their
    /// <c>requires_grad</c> is set, may be changed in place, and live as long as the module.
    /// </summary>
    public IReadOnlyDictionary<string, Tensor> Parameters { get; }

    /// <summary>Makes the module of a model.</summary>
    /// <param name="model">The model, as <see cref="OnnxModelReader.Read"/> returns it.</param>
    /// <returns>The module; it does not follow later changes of the model.</returns>
    /// <exception cref="EfrapException"><see cref="EfrapCode.GraphInvalid"/>, or as <see cref="Of(ModelGraph)"/>.</exception>
    public static OnnxModule Of(OnnxModel model) => Of(new ModelGraph(model));

    /// <summary>Makes the module of a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <returns>The module; it does not follow later changes of the model.</returns>
    /// <exception cref="EfrapException"><see cref="EfrapCode.OperatorNotDifferentiable"/>, with all that is unsupported in one
    /// message; <see cref="EfrapCode.TensorInconsistent"/> for a constant whose values do not fit its shape.</exception>
    public static OnnxModule Of(ModelGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var steps = GraphSteps.Of(graph);
        return new OnnxModule(graph, steps, GraphConstants.Load(graph));
    }

    /// <summary>Computes the outputs.</summary>
    /// <param name="inputs">The values of all inputs without a default, in the model's types and shapes. An initializer that the
    /// model lists as an input may be given too, in place of its default.</param>
    /// <returns>The outputs by name. They belong to the caller, or to the caller's dispose scope.</returns>
    /// <exception cref="ArgumentException">An input is missing, or the model has none of that name.</exception>
    /// <exception cref="EfrapException"><see cref="EfrapCode.ModelNotRunnable"/>: a node cannot compute on what it was given; the
    /// message names it.</exception>
    public IReadOnlyDictionary<string, Tensor> Forward(IReadOnlyDictionary<string, Tensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        using var scope = torch.NewDisposeScope();
        var values = new Dictionary<string, Tensor>(_constants);
        Feed(inputs, values);
        foreach (var step in _steps)
            Run(step, values);
        return OutputNames.ToDictionary(name => name, name => Output(name, values, inputs).MoveToOuterDisposeScope());
    }

    /// <summary>Computes the output of a model with one input and one output.</summary>
    /// <param name="input">The input.</param>
    /// <returns>The output; it belongs to the caller, or to the caller's dispose scope.</returns>
    /// <exception cref="InvalidOperationException">The model has another number of inputs or outputs.</exception>
    /// <exception cref="EfrapException">As for <see cref="Forward(IReadOnlyDictionary{string, Tensor})"/>.</exception>
    public Tensor Forward(Tensor input)
    {
        if (InputNames.Count != 1 || OutputNames.Count != 1)
            throw new InvalidOperationException($"the model has {InputNames.Count} inputs and {OutputNames.Count} outputs");
        return Forward(new Dictionary<string, Tensor> { [InputNames[0]] = input })[OutputNames[0]];
    }

    /// <summary>Frees the constants.</summary>
    public void Dispose()
    {
        foreach (var constant in _constants.Values)
            constant.Dispose();
    }

    private void Feed(IReadOnlyDictionary<string, Tensor> inputs, Dictionary<string, Tensor> values)
    {
        foreach (var (name, value) in inputs)
        {
            if (!_graph.Model.Proto.Graph.Input.Any(i => i.Name == name))
                throw new ArgumentException($"the model has no input `{name}`; it has {string.Join(", ", InputNames)}", nameof(inputs));
            values[name] = value.dtype is torch.ScalarType.Float16 or torch.ScalarType.BFloat16 ? value.to_type(torch.ScalarType.Float32) : value;
        }

        foreach (var name in InputNames.Where(name => !inputs.ContainsKey(name)))
            throw new ArgumentException($"the input `{name}` is missing", nameof(inputs));
    }

    private void Run(GraphStep step, Dictionary<string, Tensor> values)
    {
        var node = step.Node;
        var inputs = node.Input.Select(name => name.Length > 0 ? values[name] : null).ToArray();
        using (var scope = torch.NewDisposeScope())
        {
            IReadOnlyList<Tensor> results;
            try
            {
                results = step.Operator.Compute(new NodeCall(_graph, node, inputs));
            }
            catch (Exception e) when (e is ExternalException or InvalidDataException or ArgumentException or InvalidOperationException
                or ArithmeticException or NotSupportedException or OutOfMemoryException)
            {
                throw NotRunnable(step, inputs, e);
            }

            for (var i = 0; i < Math.Min(node.Output.Count, results.Count); i++)
            {
                // What an operator only hands on lives longer, or shorter, than what it computes.
                var result = Array.Exists(inputs, input => ReferenceEquals(input, results[i])) ? results[i].alias() : results[i];
                if (node.Output[i].Length > 0)
                    values[node.Output[i]] = result.MoveToOuterDisposeScope();
            }
        }

        // What gradients need of these, torch keeps itself.
        foreach (var name in step.LastReads)
        {
            if (values.Remove(name, out var value))
                value.Dispose();
        }
    }

    private Tensor Output(string name, Dictionary<string, Tensor> values, IReadOnlyDictionary<string, Tensor> inputs)
    {
        var value = values[name];
        var declared = (DataType)(_graph.Model.Proto.Graph.Output.First(o => o.Name == name).Type?.TensorType?.ElemType ?? 0);

        // Between nodes, the codes that QuantizeLinear makes are floats, for the gradient's sake.
        if (value.is_floating_point() && ElementType.IsInteger(declared))
            return value.to_type(TorchTypes.Of(declared)!.Value);
        return _constants.ContainsKey(name) || inputs.Values.Any(input => ReferenceEquals(input, value)) ? value.alias() : value;
    }

    private EfrapException NotRunnable(GraphStep step, Tensor?[] inputs, Exception cause)
    {
        var shapes = string.Join(", ", inputs.Select(i => i is null ? "none" : $"[{string.Join(',', i.shape)}]"));
        var reason = cause.Message.Split('\n')[0].TrimEnd('.');
        return new EfrapException(
            EfrapCode.ModelNotRunnable,
            $"the node `{step.Name}` ({DisplayName.Of(step.Node.OpType)}) cannot compute on inputs of {Shorten(shapes)}: {Shorten(reason)}.",
            _graph.Model.Path,
            cause);
    }

    private static string Shorten(string text) => text.Length <= 250 ? text : text[..250] + "…";
}
