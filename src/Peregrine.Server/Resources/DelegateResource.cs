using Peregrine.Server.Tools;

namespace Peregrine.Server.Resources;

/// <summary>A resource read by a delegate.</summary>
internal sealed class DelegateResource(McpResourceDefinition definition, Func<McpResourceRequest, McpCall, ValueTask<McpResourceResult>> read) : McpResourceHandler(definition)
{
    public override ValueTask<McpResourceResult> ReadAsync(McpResourceRequest request, McpCall call) => read(request, call);
}
