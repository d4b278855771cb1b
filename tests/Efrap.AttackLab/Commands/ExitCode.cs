namespace Efrap.AttackLab.Commands;

/// <summary>How the process ends.</summary>
internal static class ExitCode
{
    /// <summary>Everything asked for was done.</summary>
    public const int Done = 0;

    /// <summary>The fixtures miss a requirement.</summary>
    public const int Missed = 1;

    /// <summary>Something could not be read, run or written.</summary>
    public const int Error = 2;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 4;

    /// <summary>Cancelled from the keyboard, as shells count it.</summary>
    public const int Cancelled = 130;
}
