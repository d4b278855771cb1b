using System.CommandLine;
using Efrap.AttackLab.Commands;
using Efrap.AttackLab.Fixtures;
using Efrap.Core;

var fixtures = new FixturesCommand();
var measure = new MeasureCommand();
var table = new TableCommand();
var root = new RootCommand("Trains small classifiers, implants quantization-conditioned backdoors in them, and measures both.")
{
    fixtures,
    measure,
    table,
};
var examples = new Dictionary<Command, string>
{
    [fixtures] = FixturesCommand.Examples,
    [measure] = MeasureCommand.Examples,
    [table] = TableCommand.Examples,
};
HelpWithExamples.AddTo(root, examples);
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
    Console.Error.WriteLine(parsed.CommandResult.Command == table
        ? "attacklab: cancelled; what was finished is kept, and the same command goes on from there."
        : "attacklab: cancelled; nothing was written.");
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
