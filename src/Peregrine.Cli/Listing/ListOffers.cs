using System.Text.Json;
using Peregrine.Cli.Calling;
using Peregrine.Cli.Targets;
using Peregrine.Client;
using Peregrine.Client.Prompts;
using Peregrine.Client.Tools;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;
using Spectre.Console;

namespace Peregrine.Cli.Listing;

/// <summary>`peregrine list`: what a server offers.</summary>
internal static class ListOffers
{
    internal static Task<int> RunAsync(Target target, TargetOptions options, ListChoice choice, bool json, CancellationToken cancellationToken) =>
        Conversation.RunAsync(target, options, async client =>
        {
            List<OfferTable> tables = [];
            foreach (var one in choice == ListChoice.All ? [ListChoice.Tools, ListChoice.Resources, ListChoice.Templates, ListChoice.Prompts] : new[] { choice })
            {
                tables.Add(await ReadAsync(client, one, isAllAsked: choice == ListChoice.All, cancellationToken).ConfigureAwait(false));
            }

            if (json)
            {
                await Console.Out.WriteLineAsync(choice == ListChoice.All
                    ? $"{{{string.Join(",", tables.Select(static table => $"\n\"{table.Name}\": {table.ToJson()}"))}\n}}"
                    : tables[0].ToJson()).ConfigureAwait(false);
                return ExitCodes.Fine;
            }

            foreach (var table in tables.Where(table => table.Rows.Count > 0 || choice != ListChoice.All))
            {
                Write(table);
            }

            var server = client.ServerInfo is { } info ? $"{info.Name} {info.Version}, " : "";
            var counts = string.Join(", ", tables.Select(static table => table.Count));
            await Console.Error.WriteLineAsync($"{counts}; {server}MCP {client.ProtocolVersion.ToText()}").ConfigureAwait(false);
            return ExitCodes.Fine;
        }, cancellationToken);

    private static async Task<OfferTable> ReadAsync(PeregrineClient client, ListChoice choice, bool isAllAsked, CancellationToken cancellationToken)
    {
        try
        {
            return choice switch
            {
                ListChoice.Resources => OfferTable.Of("resources", "resource", ["URI", "Type", "Description"], await client.ListResourcesAsync(cancellationToken).ConfigureAwait(false),
                    static resource => resource.Definition, static resource => [resource.Uri, resource.MimeType ?? "", resource.Description ?? resource.Name]),
                ListChoice.Templates => OfferTable.Of("resourceTemplates", "template", ["URI template", "Type", "Description"],
                    await client.ListResourceTemplatesAsync(cancellationToken).ConfigureAwait(false),
                    static template => template.Definition, static template => [template.UriTemplate, template.MimeType ?? "", template.Description ?? template.Name]),
                ListChoice.Prompts => OfferTable.Of("prompts", "prompt", ["Prompt", "Arguments", "Description"], await client.ListPromptsAsync(cancellationToken).ConfigureAwait(false),
                    static prompt => prompt.Definition, static prompt => [prompt.Name, Arguments(prompt), prompt.Description ?? ""]),
                _ => OfferTable.Of("tools", "tool", ["Tool", "Arguments", "Description"], await client.ListToolsAsync(cancellationToken).ConfigureAwait(false),
                    static tool => tool.Definition, static tool => [tool.Name, string.Join(' ', ParametersOf(tool)), tool.Description ?? ""]),
            };
        }
        catch (McpPeerException exception) when (isAllAsked && exception.Code == ErrorCodes.MethodNotFound)
        {
            return OfferTable.Empty(choice);
        }
    }

    // The optional ones with a question mark.
    private static string[] ParametersOf(RemoteTool tool)
    {
        if (tool.InputSchema.IsEmpty)
        {
            return [];
        }

        using var document = JsonDocument.Parse(tool.InputSchema);
        var schema = new ParameterSchema(document.RootElement);
        var required = schema.Required;
        return [.. schema.Members.Select(name => required.Contains(name) ? name : name + "?")];
    }

    private static string Arguments(RemotePrompt prompt) => string.Join(' ', prompt.Arguments.Select(static argument => argument.IsRequired ? argument.Name : argument.Name + "?"));

    private static void Write(OfferTable offers)
    {
        if (Console.IsOutputRedirected)
        {
            // For scripts: the name and what it is, a line each.
            foreach (var row in offers.Rows)
            {
                Console.WriteLine($"{row[0]}\t{row[^1].ReplaceLineEndings(" ")}".TrimEnd());
            }

            return;
        }

        var table = new Table().Border(TableBorder.Rounded);
        foreach (var column in offers.Columns)
        {
            table.AddColumn($"[bold]{Markup.Escape(column)}[/]");
        }

        foreach (var row in offers.Rows)
        {
            table.AddRow([.. row.Select(static (cell, index) => index == 0 ? $"[aqua]{Escape(cell)}[/]" : Escape(cell))]);
        }

        AnsiConsole.Write(table);
    }

    private static string Escape(string cell) => Markup.Escape(TerminalText.Show(cell));
}
