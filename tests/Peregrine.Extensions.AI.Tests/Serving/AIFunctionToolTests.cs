using System.ComponentModel;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Peregrine.Extensions.AI.Serving;
using Peregrine.Server.Tools;
using Peregrine.Testing;

namespace Peregrine.Extensions.AI.Tests.Serving;

/// <summary>Functions as tools.</summary>
public sealed class AIFunctionToolTests
{
    [Fact]
    public async Task AFunctionIsATool()
    {
        await using var app = await McpTest.StartAsync(static server => server
            .AddAIFunction(AIFunctionFactory.Create([Description("Adds two numbers.")] (int a, int b = 2) => a + b, "add"), static tool => tool with { ReadOnly = true }));

        var tool = Assert.Single(await app.Client.ListToolsAsync());
        Assert.Equal(("add", "Adds two numbers."), (tool.Name, tool.Description));
        var schema = JsonElement.Parse(tool.InputSchema.Span);
        Assert.Equal("object", schema.GetProperty("type").GetString());
        Assert.Equal(["a", "b"], schema.GetProperty("properties").EnumerateObject().Select(static property => property.Name));
        Assert.Contains("\"readOnlyHint\":true", System.Text.Encoding.UTF8.GetString(tool.Definition.Span), StringComparison.Ordinal);
        Assert.Equal("5", await app.CallTextAsync("add", """{"a":3}"""));
        Assert.Equal("7", await app.CallTextAsync("add", """{"a":3,"b":4}"""));
    }

    [Fact]
    public async Task WhatItReturnsBecomesTextOrContent()
    {
        await using var app = await McpTest.StartAsync(static server => server
            .AddAIFunction(AIFunctionFactory.Create(static () => "plain", "text"))
            .AddAIFunction(AIFunctionFactory.Create(static () => { }, "nothing"))
            .AddAIFunction(AIFunctionFactory.Create(static () => new Point(1, 2), "json"))
            .AddAIFunction(AIFunctionFactory.Create(static () => new ErrorContent("not today"), "error"))
            .AddAIFunction(AIFunctionFactory.Create(static AIContent[] () => [new TextContent("see"), new DataContent(new byte[] { 1, 2, 3 }, "image/png"), new DataContent(new byte[] { 4 }, "application/zip")], "several")));

        Assert.Equal("plain", await app.CallTextAsync("text"));
        Assert.Equal("", await app.CallTextAsync("nothing"));
        Assert.Equal("""{"x":1,"y":2}""", await app.CallTextAsync("json"));
        Assert.Equal("The tool \"error\" failed: not today", (await Assert.ThrowsAsync<McpTestException>(() => app.CallTextAsync("error"))).Message);
        using var several = await app.Client.CallToolAsync("several");
        Assert.Equal(["text", "image", "resource"], JsonElement.Parse(several.Content.Span).EnumerateArray().Select(static block => block.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task TheCallIsInTheContext()
    {
        await using var app = await McpTest.StartAsync(static server => server.AddAIFunction(
            AIFunctionFactory.Create(static (AIFunctionArguments arguments) => ((McpCall)arguments.Context![typeof(McpCall)]!).Name, "who")));

        Assert.Equal("who", await app.CallTextAsync("who"));
    }

    [Fact]
    public async Task WhatItThrowsStaysInTheLog()
    {
        await using var app = await McpTest.StartAsync(static server => server.AddAIFunction(AIFunctionFactory.Create(static string () => throw new InvalidOperationException("secret"), "break")));

        var exception = await Assert.ThrowsAsync<McpTestException>(() => app.CallTextAsync("break"));

        Assert.DoesNotContain("secret", exception.Message, StringComparison.Ordinal);
        Assert.Contains(app.Log.Entries, static entry => entry.Exception is not null);
    }

    private sealed record Point(int X, int Y);
}
