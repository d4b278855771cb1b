using static TorchSharp.torch;

namespace Efrap.Torch.Rounding;

/// <summary>The activation term of the objective: E‖y − Ŵx̂‖², the sum over channels of the mean over samples and space.</summary>
internal interface IActivationTerm : IDisposable
{
    /// <summary>The rounding of the layer's input, whose scale is to be learned along; null where there is nothing to learn.</summary>
    InputRounding? InputRounding => null;

    /// <summary>The term, or an estimate of it, at weights [rows, K].</summary>
    Tensor Of(Tensor weights);
}
