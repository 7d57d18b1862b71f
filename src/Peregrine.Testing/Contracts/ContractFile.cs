#pragma warning disable RS0030 // A contract is a file beside a test, written for people and for version control: no file of the journal or the catalog.
namespace Peregrine.Testing.Contracts;

/// <summary>Reads and writes contracts on disk: beside a test, where the seam of the stores does not reach.</summary>
internal static class ContractFile
{
    internal static Task<string> ReadAsync(string path, CancellationToken cancellationToken) => File.ReadAllTextAsync(path, cancellationToken);

    internal static Task WriteAsync(string path, string text, CancellationToken cancellationToken) => File.WriteAllTextAsync(path, text, cancellationToken);
}
