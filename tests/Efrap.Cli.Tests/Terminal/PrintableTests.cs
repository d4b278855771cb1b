using CsCheck;
using Efrap.Cli.Terminal;

namespace Efrap.Cli.Tests.Terminal;

[TestClass]
public sealed class PrintableTests
{
    [TestMethod]
    [DataRow("/layer1/conv", "/layer1/conv")]
    [DataRow("Größe 層 ρ", "Größe 層 ρ")]
    [DataRow("\u001b[2Jx", "\\u001B[2Jx")]
    [DataRow("a\r\nb", "a\\u000D\\u000Ab")]
    [DataRow("\u202Egnp", "\\u202Egnp")]
    [DataRow("\u009b31m", "\\u009B31m")]
    public void What_could_move_the_cursor_is_shown_by_number(string text, string expected) =>
        Assert.AreEqual(expected, Printable.Text(text));

    [TestMethod]
    public void Nothing_unprintable_is_left_of_any_text() =>
        Gen.String[Gen.Char['\0', '\uFFFF'], 0, 50].Sample(text =>
            Assert.IsFalse(Printable.Text(text).Any(c => char.IsControl(c) || c is '\u2028' or '\u2029' or '\u202E' or '\u200F')));
}
