using Efrap.Core.Calibration;
using Efrap.Core.Onnx.Proto;
using Microsoft.ML.OnnxRuntime;

namespace Efrap.Core.Inference;

/// <summary>Runs a whole model once, so that one that ONNX Runtime refuses is never written.</summary>
internal static class FirstBatch
{
    /// <summary>Runs the model on the first batch of samples.</summary>
    /// <exception cref="EfrapException"><see cref="EfrapCode.ModelNotRunnable"/>.</exception>
    internal static void Run(ModelProto model, CalibrationSet samples, string file)
    {
        using var session = OrtSessions.Create(model, file);
        try
        {
            using var run = new RunOptions();
            OrtTensors.Lend(samples.GetBatch(0), feeds => session.Run(run, feeds, session.OutputNames).Dispose());
        }
        catch (OnnxRuntimeException e)
        {
            throw OrtSessions.NotRunnable(file, e);
        }
    }
}
