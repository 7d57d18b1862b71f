using Microsoft.CodeAnalysis;

namespace Peregrine.Bench.Micro.Generating;

/// <summary>Finds the classes of tools and reads nothing of them: what Roslyn takes by itself.</summary>
internal sealed class FindingGenerator : IIncrementalGenerator
{
    public void Initialize(IncrementalGeneratorInitializationContext context) =>
        context.RegisterSourceOutput(
            context.SyntaxProvider.ForAttributeWithMetadataName("Peregrine.Server.Tools.McpToolsAttribute", static (_, _) => true, static (_, _) => 1),
            static (_, _) => { });
}
