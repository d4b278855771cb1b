namespace Efrap.Cli;

/// <summary>How the process ends; <c>docs/cli.md</c> has the table.</summary>
internal static class ExitCode
{
    /// <summary>Everything asked for was done.</summary>
    public const int Clean = 0;

    /// <summary>An indicator failed, a rounding is not EFRAP rounding, or files are not those that an attestation speaks of.</summary>
    public const int Failed = 1;

    /// <summary>Something could not be read, run or written, or Efrap itself is defective.</summary>
    public const int Error = 2;

    /// <summary>The model has nothing to quantize, or what was asked cannot be told.</summary>
    public const int NothingToDo = 3;

    /// <summary>The command line or a setting is wrong.</summary>
    public const int Usage = 4;

    /// <summary>The exit code of a run that ended in a problem.</summary>
    /// <param name="code">The problem's code.</param>
    /// <returns>One of the constants above.</returns>
    public static int Of(Core.EfrapCode code) => code switch
    {
        Core.EfrapCode.NothingToQuantize => NothingToDo,
        Core.EfrapCode.AttestationRejected => Failed,
        Core.EfrapCode.InvalidSetting or Core.EfrapCode.PolicyInvalid => Usage,
        _ => Error,
    };
}
