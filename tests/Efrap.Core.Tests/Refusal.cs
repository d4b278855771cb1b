namespace Efrap.Core.Tests;

/// <summary>Expects bad input to end as it should: in an <see cref="EfrapException"/> of one line.</summary>
internal static class Refusal
{
    /// <summary>Runs an action that must be refused.</summary>
    /// <param name="code">The code it must end in.</param>
    /// <param name="action">The action.</param>
    /// <returns>The message.</returns>
    public static string Expect(EfrapCode code, Action action)
    {
        var exception = Assert.ThrowsExactly<EfrapException>(action);
        Assert.AreEqual(code, exception.Code, exception.Message);
        AssertOneLine(exception);
        return exception.Message;
    }

    /// <summary>Runs an action on input that may be good or bad: it ends well, or in a code of a range, and in nothing else.</summary>
    /// <param name="first">The range's first code.</param>
    /// <param name="last">The range's last code.</param>
    /// <param name="action">The action.</param>
    /// <returns>The exception, or null when the action ended well.</returns>
    public static EfrapException? AtMost(int first, int last, Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (EfrapException e) when ((int)e.Code >= first && (int)e.Code <= last)
        {
            AssertOneLine(e);
            return e;
        }
    }

    private static void AssertOneLine(EfrapException exception)
    {
        Assert.IsFalse(exception.Message.Any(char.IsControl), exception.Message);
        Assert.IsLessThan(1000, exception.Message.Length);
        Assert.IsFalse(string.IsNullOrWhiteSpace(exception.Message));
    }
}
