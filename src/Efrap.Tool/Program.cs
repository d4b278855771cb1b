using Efrap.Cli;

using var interruption = new Interruption();
return new CommandLine(Host.OfProcess(), interruption).Run(args);
