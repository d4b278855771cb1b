using System.CommandLine;
using Efrap.AttackLab.Commands;
using Efrap.AttackLab.Fixtures;
using Efrap.Core;

var fixtures = new FixturesCommand();
var measure = new MeasureCommand();
var root = new RootCommand("Trains small image classifiers, implants quantization-conditioned backdoors in them, and measures both.")
{
    fixtures,
    measure,
};
HelpWithExamples.AddTo(root, new Dictionary<Command, string> { [fixtures] = FixturesCommand.Examples, [measure] = MeasureCommand.Examples });
var parsed = root.Parse(args);
try
{
    // Time to finish the batch and to remove temporary files.
    var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromMinutes(1) };
    var exitCode = await parsed.InvokeAsync(configuration);
    return parsed.Errors.Count > 0 ? ExitCode.Usage : exitCode;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("attacklab: cancelled; nothing was written.");
    return ExitCode.Cancelled;
}
catch (FixtureException e)
{
    Console.Error.WriteLine($"attacklab: {e.Message} Nothing was written; try another seed or more epochs.");
    return ExitCode.Missed;
}
catch (EfrapException e)
{
    Console.Error.WriteLine($"{e.File ?? "attacklab"} : error {e.CodeText}: {e.Message}");
    return ExitCode.Error;
}
