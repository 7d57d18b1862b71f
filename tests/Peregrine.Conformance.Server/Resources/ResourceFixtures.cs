using Peregrine.Server;
using Peregrine.Server.Resources;

namespace Peregrine.Conformance.Server.Resources;

/// <summary>The resources that the suite reads and subscribes to.</summary>
internal static class ResourceFixtures
{
    internal static PeregrineServerBuilder AddFixtureResources(this PeregrineServerBuilder builder) => builder
        .AddResource(Define("test://static-text", "static-text", "A text that is always the same.", "text/plain"), "This is the content of the static text resource.")
        .AddResource(Define("test://static-binary", "static-binary", "An image that is always the same.", "image/png"), Samples.Png)
        .AddResource(Define("test://watched-resource", "watched-resource", "A text to subscribe to.", "text/plain"), "This is the content of the watched resource.")
        .AddResourceTemplate(
            new McpResourceTemplateDefinition
            {
                UriTemplate = "test://template/{id}/data",
                Name = "template-data",
                Description = "Data that is made from the address.",
                MimeType = "application/json",
            },
            static (request, _) => new ValueTask<McpResourceResult>(McpResourceResult.From(McpResourceContents.FromText(
                request.Uri, $$"""{"id":"{{request["id"]}}","templateTest":true,"data":"Data for ID: {{request["id"]}}"}""", "application/json"))));

    private static McpResourceDefinition Define(string uri, string name, string description, string mimeType) =>
        new() { Uri = uri, Name = name, Description = description, MimeType = mimeType };
}
