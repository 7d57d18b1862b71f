using System.Security.Cryptography;
using System.Text;

namespace Peregrine.Cli.Running;

/// <summary>Where a gateway keeps its state: one folder for each configuration file, below the user's folder for such things (XDG_STATE_HOME; on Windows the local application data).</summary>
internal static class StateFolder
{
    /// <summary>The folder of a configuration file; null where the user has no home.</summary>
    internal static string? Of(string config)
    {
        var root = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        if (string.IsNullOrEmpty(root) || !Path.IsPathRooted(root))
        {
            var home = Environment.GetFolderPath(OperatingSystem.IsWindows() ? Environment.SpecialFolder.LocalApplicationData : Environment.SpecialFolder.UserProfile);
            root = home.Length == 0 ? null : OperatingSystem.IsWindows() ? home : Path.Combine(home, ".local", "state");
        }

        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(config))).AsSpan(0, 8));
        return root is null ? null : Path.Combine(root, "peregrine", name);
    }
}
