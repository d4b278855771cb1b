namespace Efrap.Build.Tests.Shim;

/// <summary>
/// A worker for tests of the shim: this assembly, started in the worker's place. The model's precision says how it behaves,
/// since that is the one setting that the shim hands on as it is.
/// </summary>
internal static class FakeWorker
{
    public static int Run(string[] arguments)
    {
        return 0;
    }
}
