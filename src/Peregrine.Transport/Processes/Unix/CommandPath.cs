using System.Runtime.Versioning;

namespace Peregrine.Transport.Processes.Unix;

/// <summary>Finds a program as a shell would, in the child's PATH, so that the start can say what is missing.</summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
internal static class CommandPath
{
    private const string DefaultPath = "/usr/local/bin:/usr/bin:/bin";

    /// <summary>The path of <paramref name="command"/>; null where there is none, with the reason.</summary>
    internal static string? Find(string command, string? searchPath, string? workingDirectory, out string reason)
    {
        if (command.Contains('/', StringComparison.Ordinal))
        {
            // The child changes its directory first, so a relative path is relative to that.
            var path = Path.GetFullPath(command, Path.GetFullPath(workingDirectory ?? "."));
            return Judge(path, out reason) ? path : null;
        }

        reason = $"there is no program of that name in PATH ({searchPath ?? DefaultPath}).";
        foreach (var folder in (searchPath ?? DefaultPath).Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            var path = Path.Combine(Path.GetFullPath(folder, Path.GetFullPath(workingDirectory ?? ".")), command);
            if (Judge(path, out var why))
            {
                return path;
            }

            if (Path.Exists(path))
            {
                reason = why;
            }
        }

        return null;
    }

    private static bool Judge(string path, out string reason)
    {
        if (Directory.Exists(path))
        {
            reason = $"{path} is a directory.";
            return false;
        }

        if (!Path.Exists(path))
        {
            reason = $"{path} does not exist.";
            return false;
        }

        reason = $"{path} is not executable (chmod +x?).";
        return NativeMethods.access(path, NativeMethods.X_OK) == 0;
    }
}
