using Efrap.Core.Onnx;

namespace Efrap.Core.Calibration;

/// <summary>What to say when the names in calibration data and the names of a model's inputs do not meet.</summary>
internal static class ArrayNames
{
    private const int MostShown = 8;

    /// <summary>Lists what is there and what is wanted.</summary>
    /// <param name="found">The names in the calibration data.</param>
    /// <param name="inputs">The model's inputs.</param>
    /// <returns>One sentence, without its full stop.</returns>
    public static string Missing(IEnumerable<string> found, IReadOnlyList<ModelInput> inputs) =>
        $"the model takes {List([.. inputs.Select(i => i.Name)])}, the calibration data has {List([.. found])}; " +
        "name the arrays after the inputs";

    private static string List(IReadOnlyList<string> names) => names.Count switch
    {
        0 => "nothing",
        > MostShown => $"{Quoted(names.Take(MostShown))} and {names.Count - MostShown} more",
        _ => Quoted(names),
    };

    private static string Quoted(IEnumerable<string> names) => string.Join(", ", names.Select(n => $"'{DisplayName.Of(n)}'"));
}
