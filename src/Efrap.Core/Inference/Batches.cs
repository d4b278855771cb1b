using System.Runtime.ExceptionServices;

namespace Efrap.Core.Inference;

/// <summary>Runs work over batches in parallel.</summary>
internal static class Batches
{
    /// <summary>Like <see cref="Parallel.For(int, int, ParallelOptions, Action{int})"/>, but a failure comes out as itself.</summary>
    internal static void ForEach(int count, ParallelOptions options, Action<int> body)
    {
        try
        {
            Parallel.For(0, count, options, body);
        }
        catch (AggregateException e)
        {
            // All batches run the same model: the first failure stands for the others.
            ExceptionDispatchInfo.Capture(e.InnerExceptions[0]).Throw();
        }
    }
}
