using Efrap.Core.Calibration;
using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Efrap.Core.Inference;

/// <summary>
/// One stream of activations on its way through a model, segment by segment: it holds the tensors that are live at the
/// current cut, for all samples, and nothing else.
/// </summary>
/// <param name="owner">The model that the segments are cut from.</param>
/// <param name="samples">The calibration samples, which enter where a segment reads a graph input.</param>
/// <param name="memory">What the stream may keep in memory.</param>
/// <param name="threads">How many batches run at once.</param>
internal sealed class ActivationStream(OnnxModel owner, CalibrationSet samples, ActivationMemory memory, int threads) : IDisposable
{
    private readonly ActivationStore _store = new(memory);
    private HashSet<string> _live = [];

    /// <summary>A last word on each session's options; tests set it to count what ONNX Runtime executes.</summary>
    internal Action<SessionOptions>? Configure { get; init; }

    /// <summary>Runs a segment on all batches; afterwards the stream stands at the cut behind it.</summary>
    /// <param name="nodes">The nodes between the cuts, in topological order.</param>
    /// <param name="constant">Finds a constant by name.</param>
    /// <param name="keep">What is live at the next cut: held until a later call no longer names it.</param>
    /// <param name="observe">Values of the segment that only the observer sees.</param>
    /// <param name="observer">Called for each batch, on any thread and in any order, with a way to look at a value of
    /// <paramref name="observe"/> or <paramref name="keep"/> that the segment produces. The value is on loan for the call.</param>
    /// <param name="cancellationToken">Observed between batches.</param>
    internal void Advance(
        IReadOnlyList<NodeProto> nodes,
        Func<string, TensorProto?> constant,
        IReadOnlyCollection<string> keep,
        IReadOnlyCollection<string> observe,
        Action<int, IReadOnlyDictionary<string, OrtValue>>? observer,
        CancellationToken cancellationToken)
    {
        var fed = samples.GetBatch(0).ToDictionary(t => t.Name, t => new SegmentInput(t.Name, (int)t.ElementType, t.Shape.Count));
        var outputs = keep.Union(observe).Where(n => !_live.Contains(n) && !fed.ContainsKey(n)).ToList();
        if (outputs.Count > 0)
        {
            var known = new Dictionary<string, SegmentInput>(fed);
            foreach (var name in _live)
                known[name] = _store.Describe(name);
            var segment = SegmentModel.Cut(owner.Proto, nodes, constant, known, outputs);
            using var session = OrtSessions.Create(segment.Proto, owner.Path, Configure);
            RunBatches(session, fed.Keys, outputs, keep, observer, cancellationToken);
        }

        foreach (var name in _live.Except(keep).ToList())
            _store.Release(name);
        _live = [.. keep.Where(n => !fed.ContainsKey(n))];
    }

    /// <summary>Lends a live value of one batch.</summary>
    internal ActivationLease Get(string name, int batch) =>
        _live.Contains(name) ? _store.Get(name, batch) : new ActivationLease(Fed(name, batch), owned: true);

    /// <summary>The element type and shape of a live value in one batch.</summary>
    internal (TensorElementType Type, IReadOnlyList<long> Shape) TypeOf(string name, int batch)
    {
        if (_live.Contains(name))
            return _store.TypeOf(name, batch);
        var tensor = samples.GetBatch(batch).First(t => t.Name == name);
        return ((TensorElementType)(int)tensor.ElementType, tensor.Shape);
    }

    /// <summary>Forgets all activations.</summary>
    public void Dispose() => _store.Dispose();

    private void RunBatches(
        InferenceSession session,
        IReadOnlyCollection<string> fed,
        List<string> outputs,
        IReadOnlyCollection<string> keep,
        Action<int, IReadOnlyDictionary<string, OrtValue>>? observer,
        CancellationToken cancellationToken)
    {
        var inputs = session.InputNames;
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Batches.ForEach(samples.BatchCount, options, batch =>
        {
            var leases = inputs.Select(n => fed.Contains(n) ? new ActivationLease(Fed(n, batch), owned: true) : _store.Get(n, batch)).ToList();
            try
            {
                using var run = new RunOptions();
                var results = session.Run(run, inputs, [.. leases.Select(l => l.Value)], outputs);
                observer?.Invoke(batch, outputs.Zip(results).ToDictionary(p => p.First, p => p.Second));
                foreach (var (name, value) in outputs.Zip(results))
                {
                    if (keep.Contains(name))
                        _store.Put(name, batch, value);
                    else
                        value.Dispose();
                }
            }
            catch (OnnxRuntimeException e)
            {
                throw OrtSessions.NotRunnable(owner.Path, e);
            }
            finally
            {
                leases.ForEach(l => l.Dispose());
            }
        });
    }

    private OrtValue Fed(string name, int batch) => OrtTensors.Of(samples.GetBatch(batch).First(t => t.Name == name));
}
