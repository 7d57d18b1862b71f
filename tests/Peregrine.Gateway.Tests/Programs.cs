namespace Peregrine.Gateway.Tests;

/// <summary>Programs of the system that some tests need.</summary>
internal static class Programs
{
    /// <summary>Where the first of them is; null where none is installed.</summary>
    internal static string? Find(params string[] names) =>
        names.SelectMany(static name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
}
