using Peregrine.JsonSchema.Dialects;
using Peregrine.JsonSchema.Text;

namespace Peregrine.JsonSchema.Compilation;

/// <summary>
/// Knows all documents of one compilation: finds the resources and anchors in them, and what references lead to. Only where the dialect has a schema is one looked for: an
/// <c>$id</c> inside <c>enum</c> or an unknown keyword is data.
/// </summary>
internal sealed class SchemaIndex(JsonSchemaOptions options)
{
    // Metaschemas of metaschemas: two are ordinary.
    private const int MaxMetaschemas = 16;

    private readonly Dictionary<string, SchemaResource> _byUri = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dialect> _dialects = new(StringComparer.Ordinal);
    private readonly HashSet<string> _dialectsInWork = new(StringComparer.Ordinal);
    private readonly List<SchemaResource> _resources = [];
    private int _schemas;

    /// <summary>All resources known so far, by <see cref="SchemaResource.Index"/>.</summary>
    public IReadOnlyList<SchemaResource> Resources => _resources;

    /// <summary>Adds a document under the URI it was asked for with, and gives its root.</summary>
    public SchemaResource Add(ReadOnlySpan<byte> utf8, string uri)
    {
        var document = SchemaDocument.Read(utf8, uri, options);
        var dialect = DialectAt(document, 0, Dialect.Of(options.DefaultDraft));
        var resource = Register(uri, document, 0, dialect);
        Scan(document, 0, resource);
        // A document with an $id of its own is known by both.
        return _byUri[uri] = document.Owners[0]!;
    }

    /// <summary>What a reference leads to.</summary>
    /// <param name="reference">The value of <c>$ref</c> and the like.</param>
    /// <param name="from">The schema that holds it.</param>
    /// <param name="anchor">The plain name in the fragment; null where there is none or a JSON pointer.</param>
    /// <exception cref="JsonSchemaException">Nothing has that name.</exception>
    public SchemaPosition Resolve(string reference, SchemaPosition from, out string? anchor)
    {
        var (relative, fragment) = UriReferences.Split(reference);
        var uri = UriReferences.Resolve(from.Resource.Uri, relative);
        anchor = null;
        var resource = uri == from.Resource.Uri ? from.Resource : Find(uri) ?? throw Unresolved(reference, uri, from);
        if (fragment.Length == 0)
        {
            return new SchemaPosition(resource.Document, resource.Token, resource);
        }

        if (fragment[0] == '/')
        {
            return Follow(fragment, resource, reference, from);
        }

        anchor = fragment;
        return resource.Anchors.TryGetValue(fragment, out var token)
            ? new SchemaPosition(resource.Document, token, resource)
            : throw new JsonSchemaException(Location(from), $"the reference \"{reference}\" leads nowhere: {Name(resource)} has no anchor \"{fragment}\".");
    }

    /// <summary>The absolute location of a schema.</summary>
    public static string Location(SchemaPosition position) =>
        position.Resource.Uri + "#" + JsonPointers.Of(position.Document.Text, position.Resource.Token, position.Token, out _);

    private static string Name(SchemaResource resource) => resource.Uri.Length == 0 ? "the schema" : resource.Uri;

    private JsonSchemaException Unresolved(string reference, string uri, SchemaPosition from) =>
        new(Location(from), $"the reference \"{reference}\" cannot be resolved: {(options.Resolver is null ? "no resolver was given" : "the resolver has nothing")} for \"{uri}\".");

    private SchemaResource? Find(string uri)
    {
        if (_byUri.TryGetValue(uri, out var known))
        {
            return known;
        }

        if (Metaschemas.Find(uri) is { } metaschema)
        {
            return Add(metaschema, uri);
        }

        ReadOnlyMemory<byte>? given;
        try
        {
            given = options.Resolver?.Invoke(uri);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new JsonSchemaException(uri + "#", $"the resolver failed: {e.Message}", e);
        }

        return given is { } bytes ? Add(bytes.Span, uri) : null;
    }

    private SchemaPosition Follow(string pointer, SchemaResource resource, string reference, SchemaPosition from)
    {
        var document = resource.Document;
        var token = resource.Token;
        var owner = resource;
        foreach (var segment in pointer[1..].Split('/'))
        {
            token = JsonPointers.Child(document.Text, token, segment);
            if (token < 0)
            {
                throw new JsonSchemaException(Location(from), $"the reference \"{reference}\" leads nowhere: {Name(resource)} has nothing at \"{pointer}\".");
            }

            owner = document.Owners[token] ?? owner;
        }

        if (document.Owners[token] is null)
        {
            // A schema where the dialect has none, such as below an unknown keyword: it becomes one by being referred to.
            Scan(document, token, owner);
            owner = document.Owners[token]!;
        }

        return new SchemaPosition(document, token, owner);
    }

    private SchemaResource Register(string uri, SchemaDocument document, int token, Dialect dialect)
    {
        var resource = new SchemaResource(uri, document, token, dialect, _resources.Count);
        _resources.Add(resource);
        // What was fetched may be known already by the $id that it has; inside one document two schemas must not have one.
        if (!_byUri.TryAdd(uri, resource) && token != 0)
        {
            throw new JsonSchemaException(uri + "#", "two schemas have this id; references to it could mean either.");
        }

        return resource;
    }

    /// <summary>Finds all schemas from one on downwards. Not recursive.</summary>
    private void Scan(SchemaDocument document, int root, SchemaResource owner)
    {
        var pending = new Stack<(int Token, SchemaResource Owner)>();
        pending.Push((root, owner));
        while (pending.TryPop(out var next))
        {
            if (++_schemas > options.MaxSubschemas)
            {
                throw new JsonSchemaException(document.Uri + "#", $"there are more than {options.MaxSubschemas} subschemas ({nameof(JsonSchemaOptions.MaxSubschemas)}).");
            }

            if (document.Owners[next.Token] is not null)
            {
                continue;
            }

            var resource = Enter(document, next.Token, next.Owner);
            document.Owners[next.Token] = resource;
            SubschemaPlaces.Push(document.Text, next.Token, resource, pending);
        }
    }

    /// <summary>Reads what names a schema: <c>$id</c> and the anchors. Gives the resource that it belongs to.</summary>
    private SchemaResource Enter(SchemaDocument document, int token, SchemaResource owner)
    {
        var text = document.Text;
        if (text.Tokens[token].Types != JsonTypes.Object)
        {
            return owner;
        }

        var draft = owner.Dialect.Draft;
        if (draft == JsonSchemaDraft.Draft7 && Text(document, token, "$ref") is not null)
        {
            return owner;
        }

        if (Text(document, token, "$id") is { } id)
        {
            owner = EnterId(document, token, owner, id);
        }

        if (draft == JsonSchemaDraft.Draft7)
        {
            return owner;
        }

        if (Text(document, token, "$anchor") is { } anchor)
        {
            AddAnchor(owner, anchor, token);
        }

        if (draft == JsonSchemaDraft.Draft202012 && Text(document, token, "$dynamicAnchor") is { } dynamicAnchor)
        {
            AddAnchor(owner, dynamicAnchor, token);
            owner.DynamicAnchors[dynamicAnchor] = token;
        }

        var recursive = draft == JsonSchemaDraft.Draft201909 ? JsonPointers.Member(text, token, "$recursiveAnchor") : -1;
        if (recursive >= 0 && text.Tokens[recursive].True && owner.Token == token)
        {
            owner.DynamicAnchors[SchemaResource.RecursiveAnchor] = token;
        }

        return owner;
    }

    private SchemaResource EnterId(SchemaDocument document, int token, SchemaResource owner, string id)
    {
        var (relative, fragment) = UriReferences.Split(id);
        var uri = UriReferences.Resolve(owner.Uri, relative);
        if (relative.Length > 0 && uri != owner.Uri)
        {
            // Of another draft, an embedded schema has keywords of that draft.
            var dialect = token == 0 ? owner.Dialect : DialectAt(document, token, owner.Dialect);
            owner = Register(uri, document, token, dialect);
        }

        if (fragment.Length > 0 && owner.Dialect.Draft == JsonSchemaDraft.Draft7)
        {
            AddAnchor(owner, fragment, token);
        }

        return owner;
    }

    private static void AddAnchor(SchemaResource resource, string anchor, int token)
    {
        if (!resource.Anchors.TryAdd(anchor, token) && resource.Anchors[anchor] != token)
        {
            throw new JsonSchemaException(resource.Uri + "#", $"two schemas have the anchor \"{anchor}\"; references to it could mean either.");
        }
    }

    private Dialect DialectAt(SchemaDocument document, int token, Dialect otherwise)
    {
        if (document.Text.Tokens[token].Types != JsonTypes.Object || Text(document, token, "$schema") is not { } metaschema)
        {
            return otherwise;
        }

        var (uri, _) = UriReferences.Split(metaschema);
        if (Metaschemas.DraftOf(uri) is { } draft)
        {
            return Dialect.Of(draft);
        }

        if (Metaschemas.IsOtherDraft(uri))
        {
            throw new JsonSchemaException(document.Uri + "#/$schema", $"\"{metaschema}\" is not understood; drafts 7, 2019-09 and 2020-12 are.");
        }

        if (_dialects.TryGetValue(uri, out var known))
        {
            return known;
        }

        // A metaschema may name itself, or two each other: then nothing says what its keywords mean, and the default does.
        if (_dialectsInWork.Count == MaxMetaschemas || !_dialectsInWork.Add(uri))
        {
            return otherwise;
        }

        var resource = Find(uri)
            ?? throw new JsonSchemaException(document.Uri + "#/$schema", $"the metaschema \"{metaschema}\" cannot be resolved; give it through the resolver, or use that of a draft.");
        _dialectsInWork.Remove(uri);
        return _dialects[uri] = Vocabularies.Read(resource);
    }

    private static string? Text(SchemaDocument document, int token, string name)
    {
        var text = document.Text;
        var value = JsonPointers.Member(text, token, name);
        return value >= 0 && text.Tokens[value].Types == JsonTypes.String ? JsonStrings.ToText(text.Raw(value), text.Tokens[value].Escaped) : null;
    }
}
