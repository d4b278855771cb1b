using Efrap.Core;

namespace Efrap.AttackLab.Data;

/// <summary>The optional folder <c>shared</c> beside the checkout.</summary>
internal static class SharedFolder
{
    /// <summary>Finds a folder in it.</summary>
    /// <param name="name">The folder's name.</param>
    /// <returns>Its path.</returns>
    /// <exception cref="EfrapException"><see cref="EfrapCode.CalibrationNotFound"/> where it is not there.</exception>
    public static string Of(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "Efrap.Build.sln")))
                continue;
            var path = Path.Combine(folder.Parent?.FullName ?? folder.FullName, "shared", name);
            if (Directory.Exists(path))
                return path;
        }

        throw new EfrapException(EfrapCode.CalibrationNotFound, $"there is no folder '../shared/{name}' beside the checkout.");
    }
}
