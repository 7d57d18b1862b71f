namespace Peregrine.Testing.Tests.Contracts;

/// <summary>The contract compared with a file.</summary>
public sealed class ContractTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("peregrine-contract-");

    [Fact]
    public async Task IsTheSameHoweverOftenItIsRead()
    {
        await using var app = await McpTest.StartAsync(static server => server.AddTools<ClockTools>());

        var contract = await app.Contract.ReadAsync();

        Assert.Equal(contract, await app.Contract.ReadAsync());
        Assert.EndsWith("}\n", contract, StringComparison.Ordinal);
        Assert.True(contract.IndexOf("\"break\"", StringComparison.Ordinal) < contract.IndexOf("\"greet\"", StringComparison.Ordinal));
        Assert.Contains("\"description\": \"Says hello.\"", contract, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheSameContractPasses()
    {
        await using var app = await McpTest.StartAsync(static server => server.AddTools<ClockTools>());
        var path = Path.Combine(_folder.FullName, "clock.mcp.json");

        // As a version control may write it.
        await File.WriteAllTextAsync(path, (await app.Contract.ReadAsync()).ReplaceLineEndings("\r\n"));

        await app.Contract.VerifyAsync(path);
    }

    [Fact]
    public async Task AChangeIsShown()
    {
        await using var app = await McpTest.StartAsync(static server => server.AddTools<ClockTools>());
        var path = Path.Combine(_folder.FullName, "clock.mcp.json");
        await File.WriteAllTextAsync(path, (await app.Contract.ReadAsync()).Replace("Says hello.", "Says good-bye.", StringComparison.Ordinal));

        var exception = await Assert.ThrowsAsync<McpTestException>(() => app.Contract.VerifyAsync(path));

        Assert.Contains("Says good-bye.", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Says hello.", exception.Message, StringComparison.Ordinal);
        Assert.Contains("- Review: greet, description: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains("UPDATE_CONTRACTS=1", exception.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
