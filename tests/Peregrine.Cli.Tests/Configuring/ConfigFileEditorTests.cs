using System.Text.Json;
using Peregrine.Cli.Configuring;

namespace Peregrine.Cli.Tests.Configuring;

/// <summary>One entry goes into the file, and nothing else changes.</summary>
public sealed class ConfigFileEditorTests
{
    private static readonly string[] Entry = ["\"command\": \"x\"", "\"args\": []"];

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  \n")]
    public void AFileThatIsNotThereIsMade(string? file) =>
        Assert.Equal("{\n  \"mcpServers\": {\n    \"new\": {\n      \"command\": \"x\",\n      \"args\": []\n    }\n  }\n}\n", Add(file));

    [Fact]
    public void CommentsOrderAndIndentationStay()
    {
        const string File = """
            // Mine.
            {
              "theme": "dark", // not light
              "mcpServers": {
                "old": { "command": "y" } // the first
              },
              /* the end */
            }
            """;

        Assert.Equal(File.Replace("{ \"command\": \"y\" }", "{ \"command\": \"y\" },\n    \"new\": {\n      \"command\": \"x\",\n      \"args\": []\n    }", StringComparison.Ordinal), Add(File));
    }

    [Theory]
    [InlineData("{\n    \"mcpServers\": {\n        \"old\": {}\n    }\n}\n", "{\n    \"mcpServers\": {\n        \"old\": {},\n        \"new\": {\n            \"command\": \"x\",\n            \"args\": []\n        }\n    }\n}\n")]
    [InlineData("{\r\n\t\"a\": 1\r\n}\r\n", "{\r\n\t\"a\": 1,\r\n\t\"mcpServers\": {\r\n\t\t\"new\": {\r\n\t\t\t\"command\": \"x\",\r\n\t\t\t\"args\": []\r\n\t\t}\r\n\t}\r\n}\r\n")]
    [InlineData("{\n  \"mcpServers\": {\n    // none yet\n  }\n}\n", "{\n  \"mcpServers\": {\n    \"new\": {\n      \"command\": \"x\",\n      \"args\": []\n    }\n    // none yet\n  }\n}\n")]
    public void AnEntryIsWrittenAsTheFileIs(string file, string expected) => Assert.Equal(expected, Add(file));

    [Theory]
    [InlineData("""{"a":1}""")]
    [InlineData("""{}""")]
    [InlineData("""{"mcpServers":{}}""")]
    [InlineData("""{ "mcpServers" : { "old":{} } , "b":[1,2] }""")]
    [InlineData("{\n\t\"mcpServers\": {\n\t\t\"old\": {},\n\t},\n}")]
    [InlineData("{\n  \"mcpServers\": {}\n}\n")]
    [InlineData("{\n  \"mcpServers\": {\n  }\n}\n")]
    [InlineData("{\n  \"mcpServers\": { \"old\": {} }\n}\n")]
    [InlineData("{\n  \"mcpServers\": {\n    \"old\": {} /* , */ // ,\n  }\n}\n")]
    [InlineData("{\n  \"mcpServers\": {\n    \"old\": {} /* , */ , // ,\n  }\n}\n")]
    [InlineData("\uFEFF{\n  \"mcpServers\": {\n    \"ö\": {}\n  }\n}\n")]
    public void WhateverItsFormTheEntryIsThereAndTheRestIsAsBefore(string file)
    {
        var text = Add(file);

        var options = new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };
        using var before = JsonDocument.Parse(file.TrimStart('\uFEFF'), options);
        using var after = JsonDocument.Parse(text!.TrimStart('\uFEFF'), options);
        var servers = after.RootElement.GetProperty("mcpServers");
        Assert.Equal("x", servers.GetProperty("new").GetProperty("command").GetString());
        Assert.Equal(Members(before.RootElement, "mcpServers").Append("new"), servers.EnumerateObject().Select(static member => member.Name));
        Assert.Equal(before.RootElement.EnumerateObject().Select(static member => member.Name).Union(["mcpServers"]), after.RootElement.EnumerateObject().Select(static member => member.Name));
        Assert.Equal(file.Count(static c => c == '/'), text.Count(static c => c == '/'));
    }

    [Fact]
    public void AnEntryOfTheNameIsReplacedOnlyWhenAsked()
    {
        const string File = """{ "mcpServers": { "new": { "command": "y", "args": [ 1 ] }, "other": 1 } }""";

        Assert.Null(ConfigFileEditor.Add(File, "mcpServers", "new", Entry, replace: false, out var error));
        Assert.Contains("--replace", error, StringComparison.Ordinal);
        Assert.Equal("""{ "mcpServers": { "new": {"command": "x", "args": []}, "other": 1 } }""", ConfigFileEditor.Add(File, "mcpServers", "new", Entry, replace: true, out _));
    }

    [Theory]
    [InlineData("[]", "no JSON object")]
    [InlineData("""{"mcpServers":[]}""", "\"mcpServers\" is no object")]
    [InlineData("{\n  \"a\": ,\n}", "line 2 is not valid JSON")]
    [InlineData("{} {}", "line 1 is not valid JSON")]
    public void AFileThatCannotBeReadIsLeftAlone(string file, string expected)
    {
        Assert.Null(ConfigFileEditor.Add(file, "mcpServers", "new", Entry, replace: false, out var error));
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    private static string? Add(string? file)
    {
        var text = ConfigFileEditor.Add(file, "mcpServers", "new", Entry, replace: false, out var error);
        Assert.Equal("", error);
        return text;
    }

    private static IEnumerable<string> Members(JsonElement root, string member) =>
        root.TryGetProperty(member, out var value) ? value.EnumerateObject().Select(static entry => entry.Name) : [];
}
