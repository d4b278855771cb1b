using Efrap.Cli.Terminal;
using Efrap.Core;

namespace Efrap.Cli.Worker;

/// <summary>The source that a model has by its name: <c>x.onnx</c> beside <c>x.int8.onnx</c>. Many a model is called so and not quantized.</summary>
/// <param name="host">The engine.</param>
/// <param name="lines">Where answers go.</param>
internal sealed class ImpliedSource(Host host, WorkerLines lines)
{
    /// <summary>Takes the source where the model is quantized, and says so; leaves it out where it is not.</summary>
    /// <param name="model">The model, with or without an implied source.</param>
    /// <param name="cancellationToken">Observed between steps.</param>
    /// <returns>The model with a source that counts, or without one.</returns>
    /// <exception cref="EfrapException">A code of the 1xxx range: the model cannot be read.</exception>
    public WorkerModel Decide(WorkerModel model, CancellationToken cancellationToken)
    {
        if (model is not { SourceIsImplied: true, Source: { } source })
            return model;
        if (!host.Inspect(model.Model, cancellationToken).Quantized)
            return model with { Source = null };
        lines.Write(new MessageAnswer(
            "notice",
            null,
            Printable.Text($"{model.Id} is quantized, and {Path.GetFileName(source)} beside it is taken for its full-precision source"),
            model.Model,
            model.Id));
        return model with { Precision = null, Granularity = null };
    }

    /// <summary>Says of a source that does not fit where it comes from, if nobody named it.</summary>
    /// <param name="problem">What is wrong with the model.</param>
    /// <param name="model">The model.</param>
    /// <returns>The problem, in words that fit.</returns>
    public static EfrapException Explain(EfrapException problem, WorkerModel model) =>
        problem.Code == EfrapCode.SourceMismatch && model is { SourceIsImplied: true, Source: { } source }
            ? new(
                problem.Code,
                $"{problem.Message} {Path.GetFileName(source)} was taken for its source by its name; set Source where it is another.",
                problem.File,
                problem)
            : problem;
}
