using Efrap.Cli;
using Efrap.Tool.Torch;

using var interruption = new Interruption();
return new CommandLine(TorchTier.AddTo(Host.OfProcess()), interruption).Run(args);
