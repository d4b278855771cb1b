namespace Efrap.Build.Tasks;

/// <summary>A setting of the project file that its author has to change; the message is one line that names the item.</summary>
internal sealed class SettingException(string message) : Exception(message);
