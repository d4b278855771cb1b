using CsCheck;
using Efrap.Build.Tasks.Protocol;

namespace Efrap.Build.Tests.Shim;

[TestClass]
public sealed class WorkerMessageTests
{
    [TestMethod]
    [DataRow("")]
    [DataRow("hello")]
    [DataRow("{")]
    [DataRow("{}")]
    [DataRow("null")]
    [DataRow("[1,2]")]
    [DataRow("\"type\"")]
    [DataRow("""{"type":"result"}""")]
    [DataRow("""{"type":"result","id":"m"}""")]
    [DataRow("""{"type":"message","severity":"fatal","text":"t"}""")]
    [DataRow("""{"type":"message","severity":"error"}""")]
    [DataRow("""{"type":"progress","id":"m","done":"many"}""")]
    [DataRow("""{"type":"progress","id":"m","done":99999999999}""")]
    [DataRow("""{"type":"result","id":"m","output":"o"} and more""")]
    [DataRow("""{"type":"noise","id":"m"}""")]
    public void A_line_outside_the_protocol_is_no_message(string line) => Assert.IsNull(WorkerMessage.Parse(line));

    [TestMethod]
    public void A_line_of_the_protocol_is_read_whatever_the_order_of_its_members()
    {
        var message = WorkerMessage.Parse("""{"text":"zu gro\u00DF: \"x\"","id":null,"more":[{}],"code":"EFRAP1006","severity":"error","type":"message","file":"C:\\m.onnx"}""");

        Assert.IsNotNull(message);
        Assert.AreEqual("zu groß: \"x\"", message.Text);
        Assert.AreEqual("EFRAP1006", message.Code);
        Assert.AreEqual(@"C:\m.onnx", message.File);
        Assert.IsNull(message.Id);
    }

    [TestMethod]
    public void No_line_breaks_the_reader() => Gen.String.Sample(line => WorkerMessage.Parse(line) is null || line.StartsWith('{'));
}
