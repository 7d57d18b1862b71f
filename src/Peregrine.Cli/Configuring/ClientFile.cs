using System.Text;

namespace Peregrine.Cli.Configuring;

/// <summary>Reads and replaces the file of a client.</summary>
internal static class ClientFile
{
    /// <summary>The file's text; null where there is none.</summary>
    internal static async Task<string?> ReadAsync(string path, CancellationToken cancellationToken) =>
        File.Exists(path) ? await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false) : null;

    /// <summary>Replaces the file as a whole: a client that reads it meanwhile sees the old text or the new one, and a full disk costs nothing.</summary>
    internal static async Task WriteAsync(string path, string text, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var next = path + ".new";
        await File.WriteAllTextAsync(next, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), cancellationToken).ConfigureAwait(false);
        if (File.Exists(path) && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(next, File.GetUnixFileMode(path));
        }

        File.Move(next, path, overwrite: true);
    }
}
