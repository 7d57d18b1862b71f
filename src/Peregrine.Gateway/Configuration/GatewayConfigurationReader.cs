#pragma warning disable RS0030 // ReadFileAsync is the file seam of the configuration.
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Peregrine.Gateway.Configuration;

/// <summary>
/// Reads configuration files: <c>mcpServers</c> as Claude, Cursor and Copilot write it, <c>servers</c> as VS Code does, and <c>peregrine</c> for what the
/// gateway needs beyond. A file is checked whole; every error is reported at once. Thread-safe.
/// </summary>
public static class GatewayConfigurationReader
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The configuration or its errors; a file that cannot be read is an error at line 1.</returns>
    public static async Task<ConfigurationResult> ReadFileAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            var text = await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
            return Read(text, path, Environment.GetEnvironmentVariable);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var problems = new ProblemList(path);
            problems.Error(new ConfigPosition(1, 1), $"The file cannot be read: {exception.Message}", "Check the path and the file's permissions.");
            return problems.ToResult(null);
        }
    }

    /// <summary>The bytes of a file; null where it cannot be read now.</summary>
    internal static async Task<ImmutableArray<byte>?> TryReadBytesAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return ImmutableCollectionsMarshal.AsImmutableArray(await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Reads the text of a file.</summary>
    /// <param name="text">The text, UTF-8 JSON; comments and trailing commas are allowed.</param>
    /// <param name="fileName">What to call the file in errors.</param>
    /// <param name="environment">Gives an environment variable's value, or null where it is not set.</param>
    public static ConfigurationResult Read(ReadOnlySpan<byte> text, string fileName, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var problems = new ProblemList(fileName);
        var root = ConfigReader.Read(text, out var fault);
        if (root is null)
        {
            problems.Error(fault!.Value.Position, fault.Value.Message, "Correct the syntax; comments and trailing commas are allowed.");
            return problems.ToResult(null);
        }

        if (root.Kind != ConfigNodeKind.Object)
        {
            problems.Error(root.Position, $"The file must hold an object; found {root.DescribeKind()}.", "Write {\"mcpServers\": {…}}.");
            return problems.ToResult(null);
        }

        return problems.ToResult(new ConfigurationFileReader(problems, environment).Read(root));
    }
}
