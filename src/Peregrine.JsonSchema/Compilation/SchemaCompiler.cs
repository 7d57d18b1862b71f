using Peregrine.JsonSchema.Text;

namespace Peregrine.JsonSchema.Compilation;

/// <summary>
/// Compiles a schema and all that it refers to into <see cref="SchemaNode"/>s. Works through a queue, so that neither depth nor a chain of references costs stack. For one
/// compilation on one thread.
/// </summary>
internal sealed class SchemaCompiler
{
    private readonly SchemaIndex _index;
    private readonly Dictionary<(SchemaDocument Document, int Token), SchemaNode> _nodes = [];
    private readonly Queue<SchemaNode> _pending = new();
    private readonly List<DynamicReference> _dynamic = [];

    private SchemaCompiler(JsonSchemaOptions options)
    {
        Options = options;
        _index = new SchemaIndex(options);
    }

    public JsonSchemaOptions Options { get; }

    /// <summary>Compiles a schema.</summary>
    /// <exception cref="JsonSchemaException">It cannot be compiled.</exception>
    public static CompiledSchema Compile(ReadOnlySpan<byte> utf8, JsonSchemaOptions options)
    {
        var compiler = new SchemaCompiler(options);
        var resource = compiler._index.Add(utf8, "");
        var root = compiler.Edge(new SchemaPosition(resource.Document, 0, resource), 0, "");
        compiler.FillAll();
        compiler.RefuseEndlessReferences();
        compiler.MergeObjects();
        return new CompiledSchema(root, options, compiler._dynamic.Count > 0, compiler._nodes.Count);
    }

    /// <summary>The way to a subschema right inside the schema at <paramref name="outer"/>.</summary>
    public SchemaEdge Edge(SchemaPosition outer, int token, string path)
    {
        if ((outer.Document.Text.Tokens[token].Types & (JsonTypes.Object | JsonTypes.Boolean)) == 0)
        {
            throw Fault(outer, path, "expected a schema (an object, true or false).");
        }

        return new SchemaEdge(Node(outer with { Token = token, Resource = outer.Document.Owners[token] ?? outer.Resource }), path);
    }

    /// <summary>The way to what a reference names.</summary>
    public SchemaEdge Reference(SchemaPosition from, string reference, string keyword, out string? anchor, out SchemaPosition target)
    {
        target = _index.Resolve(reference, from, out anchor);
        if ((target.Document.Text.Tokens[target.Token].Types & (JsonTypes.Object | JsonTypes.Boolean)) == 0)
        {
            throw Fault(from, "/" + keyword, $"the reference \"{reference}\" leads to something that is no schema.");
        }

        return new SchemaEdge(Node(target), "/" + keyword);
    }

    /// <summary>Takes a reference whose target depends on the dynamic scope.</summary>
    public DynamicReference Dynamic(string anchor, SchemaEdge initial)
    {
        var reference = new DynamicReference(anchor, initial);
        _dynamic.Add(reference);
        return reference;
    }

    /// <summary>An exception that says where.</summary>
    public static JsonSchemaException Fault(SchemaPosition at, string path, string message) => new(SchemaIndex.Location(at) + path, message);

    private SchemaNode Node(SchemaPosition position)
    {
        if (_nodes.TryGetValue((position.Document, position.Token), out var known))
        {
            return known;
        }

        if (_nodes.Count >= Options.MaxSubschemas)
        {
            throw Fault(position, "", $"there are more than {Options.MaxSubschemas} subschemas ({nameof(JsonSchemaOptions.MaxSubschemas)}).");
        }

        var node = new SchemaNode(position);
        _nodes.Add((position.Document, position.Token), node);
        _pending.Enqueue(node);
        return node;
    }

    private void FillAll()
    {
        do
        {
            while (_pending.TryDequeue(out var node))
            {
                new NodeReader(this, node).Read();
            }

            LinkDynamic();
        }
        while (_pending.Count > 0);
    }

    /// <summary>Gives each dynamic reference its targets in the resources known so far. New targets may bring new resources: then it is called again.</summary>
    private void LinkDynamic()
    {
        var resources = _index.Resources;
        foreach (var reference in _dynamic)
        {
            var targets = new SchemaEdge?[resources.Count];
            for (var i = 0; i < targets.Length; i++)
            {
                if (resources[i].DynamicAnchors.TryGetValue(reference.Anchor, out var token))
                {
                    targets[i] = new SchemaEdge(Node(new SchemaPosition(resources[i].Document, token, resources[i])), reference.Initial.Path);
                }
            }

            reference.ByResource = targets;
        }
    }

    /// <summary>Refuses a schema that applies itself to the same value: it could never be judged.</summary>
    private void RefuseEndlessReferences()
    {
        var done = new HashSet<SchemaNode>();
        foreach (var start in _nodes.Values)
        {
            var open = new HashSet<SchemaNode>();
            var path = new Stack<(SchemaNode Node, IEnumerator<SchemaEdge> Edges)>();
            Enter(start);
            while (path.TryPeek(out var top))
            {
                if (top.Edges.MoveNext())
                {
                    Enter(top.Edges.Current.Target);
                    continue;
                }

                path.Pop();
                open.Remove(top.Node);
                done.Add(top.Node);
            }

            void Enter(SchemaNode node)
            {
                if (!open.Add(node))
                {
                    throw Fault(node.Position, "", "the schema refers to itself for the same value, without end.");
                }

                if (done.Contains(node))
                {
                    open.Remove(node);
                    return;
                }

                path.Push((node, InPlace(node).GetEnumerator()));
            }
        }
    }

    private void MergeObjects()
    {
        // What a part applies may depend on the parts it was reached by.
        if (_dynamic.Count > 0)
        {
            return;
        }

        foreach (var node in _nodes.Values)
        {
            if (node.InPlace is not null || node.UnevaluatedProperties is not null)
            {
                node.Merged = ObjectMerger.TryMerge(node);
            }
        }
    }

    private static IEnumerable<SchemaEdge> InPlace(SchemaNode node)
    {
        IEnumerable<SchemaEdge> edges = node.InPlace?.Edges ?? [];
        return node.Objects is { Dependencies.Length: > 0 } objects ? [.. edges, .. objects.Dependencies.Select(static d => d.Schema).OfType<SchemaEdge>()] : edges;
    }
}
