using System.CommandLine;
using Peregrine.Cli.Targets;

namespace Peregrine.Cli.Listing;

/// <summary>The command line of `peregrine list`.</summary>
internal static class ListCommand
{
    internal static Command Create(string[] server)
    {
        var url = new Argument<string?>("url") { Arity = ArgumentArity.ZeroOrOne, Description = "The server's URL; or give its command after --." };
        var resources = new Option<bool>("--resources") { Description = "List the resources instead of the tools." };
        var templates = new Option<bool>("--templates") { Description = "List the resource templates." };
        var prompts = new Option<bool>("--prompts") { Description = "List the prompts." };
        var all = new Option<bool>("--all") { Description = "List everything." };
        var json = new Option<bool>("--json") { Description = "Print the definitions as JSON." };
        var target = new TargetArguments();
        var command = new Command("list", """
            List the tools of an MCP server, or its resources and prompts.

            Examples:
              peregrine list http://127.0.0.1:8808/mcp
              peregrine list --all http://127.0.0.1:8808/mcp
              peregrine list --json -- npx -y @modelcontextprotocol/server-everything
            """) { url, resources, templates, prompts, all, json };
        target.AddTo(command);
        command.Validators.Add(result =>
        {
            if (new[] { resources, templates, prompts, all }.Count(result.GetValue) > 1)
            {
                result.AddError("Give only one of --resources, --templates, --prompts and --all.");
            }
        });
        command.SetAction((result, cancellationToken) =>
        {
            var choice = result.GetValue(all) ? ListChoice.All
                : result.GetValue(resources) ? ListChoice.Resources
                : result.GetValue(templates) ? ListChoice.Templates
                : result.GetValue(prompts) ? ListChoice.Prompts
                : ListChoice.Tools;
            return Target.TryParse(result.GetValue(url), server, out var error) is { } found
                ? ListOffers.RunAsync(found, target.Read(result), choice, result.GetValue(json), cancellationToken)
                : CommandLine.RefuseAsync(error);
        });
        return command;
    }
}
