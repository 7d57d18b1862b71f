using System.Diagnostics.CodeAnalysis;
using Peregrine.Gateway.Catalog;
using Peregrine.Gateway.Upstreams;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Server.Fronts;
using Peregrine.Server.Resources;

namespace Peregrine.Gateway.Routing;

/// <content>Whom a request is for.</content>
internal sealed partial class GatewayResponder
{
    // The longest name or URI that is looked up, in bytes; what is longer is in no catalog.
    private const int MaxKeyLength = 8 * 1024;

    /// <summary>The upstream that answers for a URI; null where there is none. The only one that has resources is asked for what it does not list.</summary>
    internal static Upstream? OwnerOf(CatalogSnapshot catalog, ReadOnlySpan<Upstream> upstreams, ReadOnlySpan<byte> uri, out CatalogItem? item)
    {
        item = catalog.FindResource(uri);
        if (item is not null)
        {
            return item.Upstream;
        }

        Upstream? only = null;
        foreach (var upstream in upstreams)
        {
            if (upstream.HasResources)
            {
                if (only is not null)
                {
                    return null;
                }

                only = upstream;
            }
        }

        return only;
    }

    // False where the request was answered with an error.
    private bool TryFind(McpExchange exchange, [NotNullWhen(true)] out Upstream? upstream, out ForwardTarget target) => exchange.Method switch
    {
        McpMethod.ToolsCall => TryFindNamed(exchange, OfferKind.Tool, out upstream, out target),
        McpMethod.PromptsGet => TryFindNamed(exchange, OfferKind.Prompt, out upstream, out target),
        McpMethod.ResourcesRead => TryFindResource(exchange, out upstream, out target),
        _ => TryFindCompletion(exchange, out upstream, out target),
    };

    private bool TryFindNamed(McpExchange exchange, OfferKind kind, [NotNullWhen(true)] out Upstream? upstream, out ForwardTarget target)
    {
        (upstream, target) = (null, default);
        ref readonly var envelope = ref exchange.Envelope;
        var body = exchange.Body.Span;
        Span<byte> buffer = stackalloc byte[256];
        if (!JsonText.TryGetContent(envelope.Name.Of(body), buffer, out var name))
        {
            exchange.Fail(ErrorCodes.InvalidParams, $"Invalid params: \"name\" must be the name of a {kind.Noun()}");
            return false;
        }

        if (_catalog()[kind].Find(name) is not { } item)
        {
            _ = JsonText.TryGetString(envelope.Name.Of(body), out var text);
            exchange.Fail(ErrorCodes.InvalidParams, kind == OfferKind.Tool && text is not null && _catalog().Withheld.Contains(text)
                ? $"The tool {EraRules.Shorten(text)} is withheld: its definition has changed since it was pinned. The operator of the gateway must accept the change"
                : $"Unknown {kind.Noun()}: {EraRules.Shorten(text ?? "")}");
            return false;
        }

        if (envelope.Arguments.IsPresent && !JsonText.IsObject(envelope.Arguments.Of(body)))
        {
            exchange.Fail(ErrorCodes.InvalidParams, "Invalid params: \"arguments\" must be an object");
            return false;
        }

        (upstream, target) = (item.Upstream, new ForwardTarget(item, envelope.Name));
        return true;
    }

    private bool TryFindResource(McpExchange exchange, [NotNullWhen(true)] out Upstream? upstream, out ForwardTarget target)
    {
        (upstream, target) = (null, default);
        var raw = exchange.Envelope.Uri.Of(exchange.Body.Span);
        var buffer = raw.Length <= 512 ? stackalloc byte[512] : new byte[Math.Min(raw.Length, MaxKeyLength)];
        if (!JsonText.IsString(raw) || raw.Length > MaxKeyLength || !JsonText.TryGetContent(raw, buffer, out var uri))
        {
            exchange.Fail(ErrorCodes.InvalidParams, "Invalid params: \"uri\" must be the URI of a resource, a string");
            return false;
        }

        upstream = OwnerOf(_catalog(), _upstreams.Span, uri, out var item);
        if (upstream is null)
        {
            ResourceReading.FailNotFound(exchange);
            return false;
        }

        target = new ForwardTarget(item, default);
        return true;
    }

    private bool TryFindCompletion(McpExchange exchange, [NotNullWhen(true)] out Upstream? upstream, out ForwardTarget target)
    {
        (upstream, target) = (null, default);
        var body = exchange.Body.Span;
        if (!CompletionOwner.TryRead(body, exchange.Envelope.Params, out var owner))
        {
            exchange.Fail(ErrorCodes.InvalidParams, "Invalid params: \"ref\" must be an object whose type is \"ref/prompt\" with a name, or \"ref/resource\" with a uri");
            return false;
        }

        var raw = owner.Key.Of(body);
        var buffer = raw.Length <= 512 ? stackalloc byte[512] : new byte[Math.Min(raw.Length, MaxKeyLength)];
        if (raw.Length <= MaxKeyLength && JsonText.TryGetContent(raw, buffer, out var key))
        {
            var catalog = _catalog();
            var item = owner.IsPrompt ? catalog.Prompts.Find(key) : catalog.ResourceTemplates.Find(key) ?? catalog.FindResource(key);
            if (item is not null)
            {
                (upstream, target) = (item.Upstream, new ForwardTarget(item, owner.IsPrompt ? owner.Key : default));
                return true;
            }
        }

        _ = JsonText.TryGetString(raw, out var text);
        exchange.Fail(ErrorCodes.InvalidParams, $"Unknown {(owner.IsPrompt ? "prompt" : "resource template")}: {EraRules.Shorten(text ?? "")}");
        return false;
    }
}
