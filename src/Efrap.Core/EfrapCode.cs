namespace Efrap.Core;

/// <summary>
/// The numbers behind <c>EFRAPnnnn</c>: 0xxx environment and configuration, 1xxx model and calibration files,
/// 2xxx quantization and verification, 3xxx indicators and the gate, 9xxx defects of Efrap itself.
/// Each has a page <c>docs/EFRAPnnnn.md</c>.
/// </summary>
public enum EfrapCode
{
    /// <summary>A native library that the engine needs cannot be loaded.</summary>
    NativeLibraryMissing = 1,

    /// <summary>A file could not be written: disk full, no permission, no such folder.</summary>
    OutputNotWritten = 2,

    /// <summary>A setting has a value outside its range.</summary>
    InvalidSetting = 3,

    /// <summary>The run was cancelled; nothing was written.</summary>
    Cancelled = 4,

    /// <summary>The build cannot start the worker: it is not there, or the .NET runtime that it needs is not.</summary>
    WorkerNotStarted = 5,

    /// <summary>A model is hardened in a build, but nothing in that build ships it.</summary>
    ModelNotShipped = 6,

    /// <summary>Something is to be shipped without a build, and no earlier build looked at the model.</summary>
    ModelNotBuilt = 7,

    /// <summary>A setting asks for what only the Torch tier has, and this installation lacks it.</summary>
    TorchTierMissing = 8,

    /// <summary>The policy file cannot be read, or does not say what its schema asks.</summary>
    PolicyInvalid = 9,

    /// <summary>What a build put into its output is not what its manifest says.</summary>
    ShippedOtherwise = 10,

    /// <summary>A build ships a model in a format that is not looked into.</summary>
    FormatNotChecked = 11,

    /// <summary>A package is packed that would depend on Efrap.Build.</summary>
    ReferenceNotPrivate = 12,

    /// <summary>The model file does not exist or cannot be opened.</summary>
    ModelNotFound = 1001,

    /// <summary>The file is not an ONNX model, or it is cut short.</summary>
    ModelUnreadable = 1002,

    /// <summary>External data breaks a rule: absolute or escaping path, link, unknown key, range beyond the file.</summary>
    ExternalDataRejected = 1003,

    /// <summary>A tensor's declared shape does not fit its bytes.</summary>
    TensorInconsistent = 1004,

    /// <summary>The graph is not valid: a cycle, a value without a producer, a name defined twice.</summary>
    GraphInvalid = 1005,

    /// <summary>The model exceeds a size limit.</summary>
    ModelTooLarge = 1006,

    /// <summary>A folder, an archive or an assembly cannot be looked into, or is made so that looking into it would be unsafe.</summary>
    ArchiveRejected = 1007,

    /// <summary>The calibration file or folder does not exist or cannot be opened.</summary>
    CalibrationNotFound = 1101,

    /// <summary>The calibration data cannot be read: damaged, or of a format or type that is not supported.</summary>
    CalibrationUnreadable = 1102,

    /// <summary>The calibration data does not fit the model's inputs.</summary>
    CalibrationMismatch = 1103,

    /// <summary>The model has no layer that can be quantized.</summary>
    NothingToQuantize = 2001,

    /// <summary>ONNX Runtime cannot load or run the model.</summary>
    ModelNotRunnable = 2002,

    /// <summary>A layer's activation error stays above the budget even without error-guided flips.</summary>
    BudgetMissed = 2003,

    /// <summary>The model uses an operator, or a form of one, that gradients cannot be taken through.</summary>
    OperatorNotDifferentiable = 2004,

    /// <summary>The full-precision source given for a quantized model is not the one that it was made from.</summary>
    SourceMismatch = 2005,

    /// <summary>The manifest that a build wrote is missing, cannot be read, or does not say what its schema asks.</summary>
    ManifestInvalid = 2006,

    /// <summary>A model that is shipped is not what the build's manifest says, or what it says does not pass.</summary>
    ReleaseMismatch = 2007,

    /// <summary>An attestation cannot be read, was altered, or speaks of other files than those given.</summary>
    AttestationRejected = 2008,

    /// <summary>A quantized model ships as it is, with a rounding that is not EFRAP rounding and that the policy does not allow.</summary>
    RoundingNotAccepted = 2009,

    /// <summary>Something that the policy asks for could not be measured: calibration data, a required indicator.</summary>
    NotMeasured = 3001,

    /// <summary>An indicator failed, and a waiver of the policy accepts it for a time.</summary>
    Waived = 3002,

    /// <summary>A model that the build ships is not listed as an EfrapModel, and was audited as it is.</summary>
    ModelNotListed = 3003,

    /// <summary>The indicator <c>lattice-residual</c> is beyond its threshold.</summary>
    LatticeResidual = 3101,

    /// <summary>The indicator <c>scale-outliers</c> is beyond its threshold.</summary>
    ScaleOutliers = 3102,

    /// <summary>The indicator <c>agreement</c> is beyond its threshold.</summary>
    Agreement = 3103,

    /// <summary>The indicator <c>divergence</c> is beyond its threshold.</summary>
    Divergence = 3104,

    /// <summary>The indicator <c>flip-concentration</c> is beyond its threshold.</summary>
    FlipConcentration = 3105,

    /// <summary>The indicator <c>activation-drift</c> is beyond its threshold.</summary>
    ActivationDrift = 3106,

    /// <summary>The indicator <c>trigger-probe</c> is beyond its threshold.</summary>
    TriggerProbe = 3107,

    /// <summary>The indicator <c>counterfactual-gap</c> is beyond its threshold.</summary>
    CounterfactualGap = 3108,

    /// <summary>The indicator <c>trigger-inversion</c> is beyond its threshold.</summary>
    TriggerInversion = 3109,

    /// <summary>An unexpected failure inside Efrap.</summary>
    Defect = 9001,
}
