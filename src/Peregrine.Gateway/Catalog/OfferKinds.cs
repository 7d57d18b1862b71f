using Peregrine.Protocol.JsonRpc;
using Peregrine.Server.Registry;

namespace Peregrine.Gateway.Catalog;

/// <summary>How each kind is listed.</summary>
internal static class OfferKinds
{
    /// <summary>All kinds, in the order of their numbers.</summary>
    internal static OfferKind[] All { get; } = [OfferKind.Tool, OfferKind.Prompt, OfferKind.Resource, OfferKind.ResourceTemplate];

    /// <summary>The method that lists them.</summary>
    internal static McpMethod ListMethod(this OfferKind kind) => kind switch
    {
        OfferKind.Tool => McpMethod.ToolsList,
        OfferKind.Prompt => McpMethod.PromptsList,
        OfferKind.Resource => McpMethod.ResourcesList,
        _ => McpMethod.ResourcesTemplatesList,
    };

    /// <summary>The member of the result that holds the list.</summary>
    internal static ReadOnlySpan<byte> ListMember(this OfferKind kind) => kind switch
    {
        OfferKind.Tool => "tools"u8,
        OfferKind.Prompt => "prompts"u8,
        OfferKind.Resource => "resources"u8,
        _ => "resourceTemplates"u8,
    };

    /// <summary>The member by which one is told from the others.</summary>
    internal static ReadOnlySpan<byte> KeyMember(this OfferKind kind) => kind switch
    {
        OfferKind.Tool or OfferKind.Prompt => "name"u8,
        OfferKind.Resource => "uri"u8,
        _ => "uriTemplate"u8,
    };

    /// <summary>What a change of them is called.</summary>
    internal static RegistryChange ChangeOf(this OfferKind kind) => kind switch
    {
        OfferKind.Tool => RegistryChange.Tools,
        OfferKind.Prompt => RegistryChange.Prompts,
        _ => RegistryChange.Resources,
    };

    /// <summary>True where the gateway puts a prefix before the key: names are short and collide, URIs are the world's.</summary>
    internal static bool IsPrefixed(this OfferKind kind) => kind is OfferKind.Tool or OfferKind.Prompt;

    /// <summary>What one is called, for people.</summary>
    internal static string Noun(this OfferKind kind) => kind switch
    {
        OfferKind.Tool => "tool",
        OfferKind.Prompt => "prompt",
        OfferKind.Resource => "resource",
        _ => "resource template",
    };
}
