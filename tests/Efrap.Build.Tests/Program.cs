return Efrap.Build.Tests.Shim.FakeWorker.Run(args);
