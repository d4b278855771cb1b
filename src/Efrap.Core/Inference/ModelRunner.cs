using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Microsoft.ML.OnnxRuntime;

namespace Efrap.Core.Inference;

/// <summary>A whole model, run for some of its values. May be used by several threads at once.</summary>
internal sealed class ModelRunner : IDisposable
{
    private readonly InferenceSession _session;
    private readonly string _file;

    /// <summary>Loads a model.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="values">The values asked for: any that a node produces. What none of them needs is not run.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.ModelNotRunnable"/> or <see cref="EfrapCode.NativeLibraryMissing"/>.</exception>
    internal ModelRunner(ModelGraph graph, IReadOnlyList<string> values)
    {
        _file = graph.Model.Path;
        Values = values;
        var proto = graph.Model.Proto.Clone();
        var declared = proto.Graph.Output.ToDictionary(o => o.Name);
        proto.Graph.Output.Clear();
        proto.Graph.Output.AddRange(values.Select(v => declared.GetValueOrDefault(v) ?? new ValueInfoProto { Name = v }));

        // Nothing that a run allocates outlives it here, so that an arena only saves time.
        _session = OrtSessions.Create(proto, _file, options => options.EnableCpuMemArena = true);
    }

    /// <summary>The values asked for.</summary>
    internal IReadOnlyList<string> Values { get; }

    /// <summary>Runs one batch.</summary>
    /// <param name="feeds">The inputs by name; they stay the caller's.</param>
    /// <param name="observe">Given the values, in the order of <see cref="Values"/>, on loan for the call.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.ModelNotRunnable"/>.</exception>
    internal void Run(IReadOnlyDictionary<string, OrtValue> feeds, Action<IReadOnlyList<OrtValue>> observe)
    {
        try
        {
            using var run = new RunOptions();
            using var results = _session.Run(run, [.. _session.InputNames], [.. _session.InputNames.Select(n => feeds[n])], Values);
            observe([.. results]);
        }
        catch (OnnxRuntimeException e)
        {
            throw OrtSessions.NotRunnable(_file, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();
}
