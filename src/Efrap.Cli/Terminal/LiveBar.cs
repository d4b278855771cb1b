using Spectre.Console;

namespace Efrap.Cli.Terminal;

/// <summary>One progress bar between texts that follow the work.</summary>
internal static class LiveBar
{
    private const int SmallestBar = 10;
    private const int LargestBar = 40;

    /// <summary>Shows the bar for as long as the work goes on; it is gone afterwards.</summary>
    /// <typeparam name="T">What the work results in.</typeparam>
    /// <param name="console">The terminal.</param>
    /// <param name="before">The text before the bar.</param>
    /// <param name="behind">The texts behind it.</param>
    /// <param name="last">The last text, which gets what is left of the line.</param>
    /// <param name="work">The work. It moves the bar, which until then says that nobody knows how far it is.</param>
    /// <returns>The work's result.</returns>
    public static T Show<T>(
        IAnsiConsole console, LiveTextColumn before, IReadOnlyList<LiveTextColumn> behind, Func<string> last, Func<ProgressTask, T> work)
    {
        // A space follows each column.
        var fixedWidth = before.Width + behind.Sum(column => column.Width) + behind.Count + 3;
        var barWidth = Math.Clamp((console.Profile.Width - fixedWidth) / 2, SmallestBar, LargestBar);
        var lastWidth = Math.Max(0, console.Profile.Width - fixedWidth - barWidth);
        return console.Progress()
            .AutoClear(true)
            .Columns([before, new ProgressBarColumn { Width = barWidth }, .. behind, new LiveTextColumn(lastWidth, last)])
            .Start(context =>
            {
                var task = context.AddTask("work");
                task.IsIndeterminate = true;
                return work(task);
            });
    }
}
