using BenchmarkDotNet.Running;
using Efrap.Benchmarks;

BenchmarkSwitcher.FromAssembly(typeof(HardenBenchmark).Assembly).Run(args);
