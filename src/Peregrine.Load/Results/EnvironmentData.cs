using System.Runtime.InteropServices;

namespace Peregrine.Load.Results;

/// <summary>Where the generator ran.</summary>
/// <param name="OperatingSystem">The system and its version.</param>
/// <param name="Architecture">The processor's kind.</param>
/// <param name="Processors">Processors that the generator may use.</param>
/// <param name="Runtime">The .NET runtime.</param>
/// <param name="Generator">The generator and its version.</param>
public sealed record EnvironmentData(string OperatingSystem, string Architecture, int Processors, string Runtime, string Generator)
{
    /// <summary>This process's.</summary>
    public static EnvironmentData Current { get; } = new(
        RuntimeInformation.OSDescription,
        RuntimeInformation.OSArchitecture.ToString(),
        Environment.ProcessorCount,
        RuntimeInformation.FrameworkDescription,
        "peregrine " + (typeof(EnvironmentData).Assembly.GetName().Version?.ToString(3) ?? "0"));
}
