using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Peregrine.Extensions.AI.Calling;
using Peregrine.Extensions.AI.Serving;
using Peregrine.Server.Content;
using Peregrine.Server.Resources;
using Peregrine.Server.Tools;
using Peregrine.Testing;

namespace Peregrine.Extensions.AI.Tests.Calling;

/// <summary>Tools as functions.</summary>
public sealed class RemoteFunctionTests
{
    [Fact]
    public async Task AFunctionGoesThereAndBack()
    {
        var function = AIFunctionFactory.Create(static (string name, int[] numbers, bool loud) => $"{name} {numbers.Sum()} {loud}", "describe", "Describes.");
        await using var app = await McpTest.StartAsync(server => server.AddAIFunction(function));

        var remote = Assert.Single(await app.Client.ListAIFunctionsAsync());

        Assert.Equal(("describe", "Describes."), (remote.Name, remote.Description));
        Assert.True(JsonElement.DeepEquals(function.JsonSchema.GetProperty("properties"), remote.JsonSchema.GetProperty("properties")));
        Assert.Equal("Ada 6 True", await remote.InvokeAsync(new() { ["name"] = "Ada", ["numbers"] = new[] { 1, 2, 3 }, ["loud"] = true }));
        Assert.Equal("Bob 9 False", await remote.InvokeAsync(new() { ["name"] = JsonElement.Parse("\"Bob\""), ["numbers"] = JsonNode.Parse("[4,5]"), ["loud"] = false }));
    }

    [Fact]
    public async Task WhatAToolAnswersIsWhatTheFunctionReturns()
    {
        await using var app = await McpTest.StartAsync(static server => server
            .AddTool(Tool("nothing"), static call => Done(call.ReturnNothing))
            .AddTool(Tool("failed"), static call => Done(() => call.ReturnToolError("no")))
            .AddTool(Tool("several"), static call => Done(() => call.ReturnContent(
                McpContent.Text("a"), McpContent.Image(new byte[] { 1 }, "image/png"), McpContent.Resource(McpResourceContents.FromText("file:///a", "inside")),
                McpContent.ResourceLink(new McpResourceDefinition { Uri = "file:///b", Name = "b" })))));
        var functions = (await app.Client.ListAIFunctionsAsync()).ToDictionary(static function => function.Name);

        Assert.Null(await functions["nothing"].InvokeAsync());
        Assert.Equal("no", Assert.IsType<ErrorContent>(await functions["failed"].InvokeAsync()).Message);
        var several = Assert.IsType<List<AIContent>>(await functions["several"].InvokeAsync());
        Assert.Equal("a", Assert.IsType<TextContent>(several[0]).Text);
        Assert.Equal([1], Assert.IsType<DataContent>(several[1]).Data.ToArray());
        Assert.Equal("inside", Assert.IsType<TextContent>(several[2]).Text);
        Assert.Equal("file:///b", Assert.IsType<UriContent>(several[3]).Uri.OriginalString);
    }

    private static McpToolDefinition Tool(string name) => new() { Name = name, InputSchema = "{\"type\":\"object\"}"u8.ToArray() };

    private static ValueTask Done(Action action)
    {
        action();
        return default;
    }
}
