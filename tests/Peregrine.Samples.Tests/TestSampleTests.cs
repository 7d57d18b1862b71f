using Peregrine.Samples.Tests.Processes;

namespace Peregrine.Samples.Tests;

/// <summary>The sample that is tests itself.</summary>
public sealed class TestSampleTests
{
    [Fact]
    public async Task WeatherTests() => Assert.Contains("Total: 4, Errors: 0, Failed: 0, Skipped: 0", await Sample.RunAsync("WeatherTests", "-noLogo", "-noColor"), StringComparison.Ordinal);
}
