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
        foreach (var start in (string[])[Environment.CurrentDirectory, AppContext.BaseDirectory])
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                var path = Path.Combine(folder.FullName, "..", "shared", name);
                if (File.Exists(Path.Combine(folder.FullName, "Efrap.Build.sln")) && Directory.Exists(path))
                    return Path.GetFullPath(path);
            }
        }

        throw new EfrapException(EfrapCode.CalibrationNotFound, $"there is no folder '../shared/{name}' beside the checkout.");
    }
}
