using Efrap.Core.Onnx.Proto;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace Efrap.Core.Inference;

/// <summary>Makes ONNX Runtime sessions the way the engine wants them.</summary>
internal static class OrtSessions
{
    /// <summary>
    /// A session with a single thread. Work is spread over batches instead of inside operators, so that every batch's
    /// values are the same bits whatever the number of threads.
    /// </summary>
    /// <param name="model">The model, all values inline.</param>
    /// <param name="file">The file that messages name.</param>
    /// <param name="configure">A last word on the options, or null.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.ModelNotRunnable"/> or <see cref="EfrapCode.NativeLibraryMissing"/>.</exception>
    internal static InferenceSession Create(ModelProto model, string file, Action<SessionOptions>? configure = null)
    {
        try
        {
            using var options = new SessionOptions
            {
                IntraOpNumThreads = 1,
                InterOpNumThreads = 1,
                ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
                GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,

                // What goes wrong comes back as an exception, which ends in one line; a second one would only repeat it.
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,

                // Activations are kept beyond the run that made them; an arena would keep the memory of all of them.
                EnableCpuMemArena = false,
            };
            configure?.Invoke(options);
            return new InferenceSession(model.ToByteArray(), options);
        }
        catch (OnnxRuntimeException e)
        {
            throw NotRunnable(file, e);
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or EntryPointNotFoundException)
        {
            throw new EfrapException(
                EfrapCode.NativeLibraryMissing,
                $"the native library of ONNX Runtime cannot be loaded: {(e.InnerException ?? e).Message}",
                null,
                e);
        }
    }

    /// <summary>The error for a model that ONNX Runtime refuses to load or run.</summary>
    internal static EfrapException NotRunnable(string file, OnnxRuntimeException cause) =>
        new(EfrapCode.ModelNotRunnable, $"ONNX Runtime cannot run this model: {cause.Message}", file, cause);
}
