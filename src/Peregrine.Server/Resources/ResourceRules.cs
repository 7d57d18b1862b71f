namespace Peregrine.Server.Resources;

/// <summary>What must hold of the resources of a server.</summary>
internal static class ResourceRules
{
    internal static IEnumerable<string> Validate(IReadOnlyList<McpResourceHandler> resources, IReadOnlyList<McpResourceTemplateHandler> templates)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (var handler in resources)
        {
            var resource = handler.Definition;
            if (!HasScheme(resource.Uri))
            {
                yield return $"The resource URI \"{resource.Uri}\" must be absolute, such as \"notes://today\".";
            }

            if (!seen.Add(resource.Uri))
            {
                yield return $"Two resources have the URI \"{resource.Uri}\".";
            }

            if (resource.Name.Length == 0)
            {
                yield return $"The resource \"{resource.Uri}\" has no name.";
            }

            if (resource.TimeToLive < TimeSpan.Zero)
            {
                yield return $"The time to live of the resource \"{resource.Uri}\" is {resource.TimeToLive}; it must be zero or more.";
            }
        }

        foreach (var template in templates)
        {
            var definition = template.Definition;
            if (template.Fault is { } fault)
            {
                yield return $"The URI template \"{definition.UriTemplate}\" cannot be used: {fault}.";
            }

            if (!seen.Add(definition.UriTemplate))
            {
                yield return $"Two resource templates, or a template and a resource, have the URI \"{definition.UriTemplate}\".";
            }

            if (definition.Name.Length == 0)
            {
                yield return $"The resource template \"{definition.UriTemplate}\" has no name.";
            }

            if (definition.TimeToLive < TimeSpan.Zero)
            {
                yield return $"The time to live of the resource template \"{definition.UriTemplate}\" is {definition.TimeToLive}; it must be zero or more.";
            }
        }
    }

    // RFC 3986, 3.1. System.Uri would refuse or rewrite addresses that are fine here.
    private static bool HasScheme(string uri)
    {
        var colon = uri.IndexOf(':', StringComparison.Ordinal);
        for (var i = 0; i < colon; i++)
        {
            if (!char.IsAsciiLetterOrDigit(uri[i]) && uri[i] is not ('+' or '-' or '.'))
            {
                return false;
            }
        }

        return colon > 0 && char.IsAsciiLetter(uri[0]);
    }
}
