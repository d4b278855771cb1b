namespace Efrap.Build.Tasks;

/// <summary>The codes that the shim itself reports; all others come from the worker. The pages in <c>docs/</c> explain them.</summary>
internal static class Codes
{
    public const string OutputNotWritten = "EFRAP0002";
    public const string InvalidSetting = "EFRAP0003";
    public const string Cancelled = "EFRAP0004";
    public const string WorkerNotStarted = "EFRAP0005";
    public const string ShippedOtherwise = "EFRAP0010";
    public const string Defect = "EFRAP9001";
}
