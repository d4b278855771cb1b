using Efrap.AttackLab.Nets;
using Efrap.Torch.Runtime;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Efrap.Torch.Tests.Runtime;

/// <summary>
/// TorchSharp hands native code the handle of a number and forgets the number, so that the garbage collector may free it while
/// it is read. That happens too rarely for a test to wait for it; so these read the compiled code instead.
/// </summary>
[TestClass]
public sealed class ScalarsOutliveTheirCallsTests
{
    private static readonly ScalarUse _use = new();

    [TestMethod]
    public void In_the_library() => AssertNone(typeof(TorchRuntime));

    [TestMethod]
    public void In_the_attack_lab() => AssertNone(typeof(LabNet));

    [TestMethod]
    [DataRow(typeof(OperatorOnTensors))]
    [DataRow(typeof(OperatorOnNumber))]
    [DataRow(typeof(NumberAsArgument))]
    [DataRow(typeof(VariableThatNothingKeeps))]
    [DataRow(typeof(OptimizerStep))]
    public void What_does_not_keep_a_number_is_found(Type unsafeType) => Assert.IsNotEmpty(_use.Find(unsafeType));

    [TestMethod]
    public void What_keeps_its_number_is_not() => Assert.IsEmpty(_use.Find(typeof(Kept)));

    private static void AssertNone(Type inAssembly)
    {
        var found = _use.Find(inAssembly.Assembly.GetTypes()).Distinct().Order().ToArray();
        Assert.IsEmpty(found, string.Join('\n', found));
    }

    private static class OperatorOnTensors
    {
        public static Tensor Run(Tensor a, Tensor b) => a + b;
    }

    private static class OperatorOnNumber
    {
        public static Tensor Run(Tensor a) => 1 - a;
    }

    private static class NumberAsArgument
    {
        public static Tensor Run(Tensor a) => a.clamp(0, 1);
    }

    private static class VariableThatNothingKeeps
    {
        public static Tensor Run(Tensor a, double factor)
        {
            Scalar scalar = factor;
            return a.mul(scalar).mul(scalar);
        }
    }

    private static class OptimizerStep
    {
        public static void Run(torch.optim.Optimizer optimizer) => optimizer.step();
    }

    private static class Kept
    {
        public static Tensor Run(Tensor a, Tensor b, double factor)
        {
            using Scalar scalar = factor;
            return a.mul(scalar) - b.Plus(a).Times(factor);
        }
    }
}
