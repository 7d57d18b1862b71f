using Microsoft.CodeAnalysis;
using Peregrine.Generators.Clients;
using Peregrine.Generators.Tests.Diagnostics;

namespace Peregrine.Generators.Tests.Clients;

/// <summary>What becomes of contracts that cannot become a client. Those that can are compiled and used in the tests of the client.</summary>
public sealed class ClientGeneratorTests
{
    private const string Contract = """{"tools":[]}""";

    [Fact]
    public void Two_contracts_of_one_name_are_told_apart_and_refused()
    {
        var files = Generate(new("/a/weather.mcp.json", Contract), new("/b/clock.mcp.json", Contract), new("/c/Weather.mcp.json", Contract));

        Assert.Equal(["WeatherClient.g.cs", "ClockClient.g.cs", "WeatherClient2.g.cs"], files.Select(static file => file.Name));
        Assert.Equal("#error Weather.mcp.json and weather.mcp.json: both would give WeatherClient; rename one of the files\n", files[2].Code);
    }

    [Fact]
    public void Two_contracts_whose_names_differ_in_capitals_alone_are_refused_too()
    {
        var files = Generate(new("/a/my-server.mcp.json", Contract), new("/b/myserver.mcp.json", Contract));

        Assert.Equal(["MyServerClient.g.cs", "MyserverClient1.g.cs"], files.Select(static file => file.Name));
        Assert.StartsWith("#error myserver.mcp.json and my-server.mcp.json: ", files[1].Code, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "#error x.mcp.json: line 1: no JSON, expected more")]
    [InlineData("{\n]", "#error x.mcp.json: line 2: no JSON, expected '\"'")]
    [InlineData("{\"tools\":7}", "#error x.mcp.json: no contract: expected an object with the member \"tools\"")]
    [InlineData("7", "#error x.mcp.json: no contract")]
    public void What_is_no_contract_is_an_error_with_its_place(string text, string error) =>
        Assert.StartsWith(error, Assert.Single(Generate(new ContractText("/x.mcp.json", text))).Code, StringComparison.Ordinal);

    private static (string Name, string Code)[] Generate(params ContractText[] contracts)
    {
        var result = Generation.Driver(new ClientGenerator(), track: false).AddAdditionalTexts([.. contracts]).RunGenerators(Generation.Compile()).GetRunResult();
        Assert.Empty(result.Diagnostics);
        return [.. result.Results.Single().GeneratedSources.Select(static source => (source.HintName, source.SourceText.ToString()))];
    }
}
