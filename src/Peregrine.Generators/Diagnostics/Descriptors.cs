using Microsoft.CodeAnalysis;

namespace Peregrine.Generators.Diagnostics;

/// <summary>Everything the generator has to say. Each has a section in docs/diagnostics.md.</summary>
internal static class Descriptors
{
    internal static readonly DiagnosticDescriptor UnsupportedParameter = Error("PRG001", "Unsupported parameter type",
        "The parameter '{0}' of the tool method '{1}' has the type '{2}', which generated code cannot read: {3}; take a type of the list in docs/diagnostics.md of Peregrine, or declare the type with [JsonSerializable] on a JsonSerializerContext of this project");

    internal static readonly DiagnosticDescriptor UnsupportedReturn = Error("PRG002", "Unsupported return type",
        "The tool method '{0}' returns '{1}', which generated code cannot write: {2}; return a type of the list in docs/diagnostics.md of Peregrine, or declare the type with [JsonSerializable] on a JsonSerializerContext of this project");

    internal static readonly DiagnosticDescriptor GenericMethod = Error("PRG003", "Generic tool method",
        "The tool method '{0}' has type parameters, and a caller cannot say what they are; replace them with concrete types");

    internal static readonly DiagnosticDescriptor GenericClass = Error("PRG004", "Generic tool class",
        "The tool class '{0}' is generic or lies in a generic type; mark a class derived from it that fixes the type arguments");

    internal static readonly DiagnosticDescriptor NotAClass = Error("PRG005", "Tools outside a class",
        "'{0}' is marked [McpTools] but is not a class; make it a sealed class, because a struct would be copied with each call");

    internal static readonly DiagnosticDescriptor InaccessibleClass = Error("PRG006", "Inaccessible tool class",
        "Generated code cannot see the tool class '{0}'; make it, and every type it lies in, public or internal and not file-local");

    internal static readonly DiagnosticDescriptor ByReference = Error("PRG007", "Parameter by reference or pointer",
        "The parameter '{0}' of the tool method '{1}' is passed by reference, is a pointer or is a ref struct; take it by value");

    internal static readonly DiagnosticDescriptor DuplicateName = Error("PRG008", "Two tools with one name",
        "The tool method '{0}' has the name '{1}', which another tool of this class has; give one of them another with [McpTool(Name = \"...\")]");

    internal static readonly DiagnosticDescriptor InvalidName = Error("PRG009", "Invalid tool name",
        "The tool method '{0}' has the name '{1}', which MCP does not allow; give it 1 to 128 characters of A-Z, a-z, 0-9, '_', '-' and '.' with [McpTool(Name = \"...\")]");

    internal static readonly DiagnosticDescriptor InaccessibleMethod = Error("PRG010", "Inaccessible tool method",
        "Generated code cannot call the tool method '{0}'; make it public or internal, and implement the interface it comes from implicitly");

    internal static readonly DiagnosticDescriptor DuplicateArgument = Error("PRG012", "Two parameters with one argument name",
        "The parameters of the tool method '{0}' give two arguments the name '{1}'; rename one of them so that they differ in more than case");

    internal static readonly DiagnosticDescriptor IgnoredConstraint = Warning("PRG013", "Attribute without effect",
        "[{0}] has no effect on the parameter '{1}' of the tool method '{2}', whose type is '{3}'; remove it, or check the value in the method");

    internal static readonly DiagnosticDescriptor UnmarkedClass = Warning("PRG014", "Tool method in an unmarked class",
        "The tool method '{0}' is not generated because its class '{1}' is not marked [McpTools]; mark the class");

    internal static readonly DiagnosticDescriptor NoTools = Warning("PRG015", "Tool class without tools",
        "The class '{0}' is marked [McpTools] but has no method marked [McpTool], [McpPrompt] or [McpResource]; mark its methods");

    internal static readonly DiagnosticDescriptor AsyncVoid = Error("PRG016", "Asynchronous tool method that returns void",
        "The tool method '{0}' is async and returns void, so nobody would learn when it ends or fails; return Task or ValueTask");

    internal static readonly DiagnosticDescriptor InvalidRequestHeader = Error("PRG017", "Argument that no header can mirror",
        "The parameter '{0}' of the tool method '{1}' cannot be mirrored in the header 'Mcp-Param-{2}'; take a text, bool, integer or enum, and give a name of letters, digits and hyphens that no other parameter of the method has");

    internal static readonly DiagnosticDescriptor InvalidOption = Error("PRG018", "Tool option out of range",
        "The option {0} of the tool method '{1}' is {2}; it must be {3}");

    internal static readonly DiagnosticDescriptor DependencyCircle = Error("PRG019", "Tools that depend on each other in a circle",
        "The tool method '{0}' depends on itself: {1}; remove one of these dependencies");

    internal static readonly DiagnosticDescriptor InvalidReconcile = Error("PRG020", "No such reconciling method",
        "The tool method '{0}' names '{1}' as its reconciling method; declare it in the same class, public or internal and static where the tool is static, as 'ValueTask<McpReconciliation> {1}(string key, CancellationToken cancellationToken)'");

    internal static readonly DiagnosticDescriptor InvalidBatch = Error("PRG021", "Batch method of another shape",
        "The tool method '{0}' does not have the shape of a batch: mark it [Batch], take one McpBatch<T>, where T is a class, record or struct that holds the arguments of one call, and perhaps a CancellationToken, and return ValueTask");

    internal static readonly DiagnosticDescriptor OfficialType = Error("PRG022", "Type of the official SDK",
        "The method '{0}' uses '{1}' of another SDK in its signature, which means nothing to Peregrine; use {2}");

    internal static readonly DiagnosticDescriptor BlockingCall = Warning("PRG023", "Blocking call in a tool",
        "The tool method '{0}' blocks its thread in '{1}'; await {2}, or mark the tool [McpTool(Blocking = true)] so that its calls run on threads of their own");

    internal static readonly DiagnosticDescriptor AwaitBeforeQuestion = Warning("PRG024", "Work ahead of a question",
        "The tool method '{0}' awaits '{1}' ahead of its first question, and runs again from its beginning when the answer comes (2026-07-28); put what must not happen twice into call.OnceAsync, ask first, or mark the tool Idempotent");

    internal static readonly DiagnosticDescriptor InvalidPrompt = Error("PRG025", "Prompt of another shape",
        "The prompt method '{0}' cannot be generated: {1}; take texts, and what is read from one, McpCall, CancellationToken and services, and return a string, McpPromptMessage, McpContent, several messages or McpPromptResult, or a Task or ValueTask of these");

    internal static readonly DiagnosticDescriptor InvalidResource = Error("PRG026", "Resource of another shape",
        "The resource method '{0}' cannot be generated: {1}; give an address, take its variables by name, McpResourceRequest, McpCall, CancellationToken and services, and return a string, byte[], McpResourceContents, several of these or McpResourceResult, or a Task or ValueTask of these");

    internal static readonly DiagnosticDescriptor SilentSchema = Info("PRG027", "Schema that says nothing",
        "The schema of the tool method '{0}' says nothing of '{1}', because {2}; say with [Description] what is expected, or take and return a type of the list in docs/diagnostics.md of Peregrine");

    internal static IReadOnlyDictionary<string, DiagnosticDescriptor> ById { get; } = new[]
    {
        UnsupportedParameter, UnsupportedReturn, GenericMethod, GenericClass, NotAClass, InaccessibleClass, ByReference, DuplicateName, InvalidName,
        InaccessibleMethod, DuplicateArgument, IgnoredConstraint, UnmarkedClass, NoTools, AsyncVoid, InvalidRequestHeader,
        InvalidOption, DependencyCircle, InvalidReconcile, InvalidBatch, OfficialType, BlockingCall, AwaitBeforeQuestion,
        InvalidPrompt, InvalidResource, SilentSchema,
    }.ToDictionary(static descriptor => descriptor.Id);

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        new(id, title, message, "Peregrine", DiagnosticSeverity.Error, isEnabledByDefault: true);

    private static DiagnosticDescriptor Info(string id, string title, string message) =>
        new(id, title, message, "Peregrine", DiagnosticSeverity.Info, isEnabledByDefault: true);

    private static DiagnosticDescriptor Warning(string id, string title, string message) =>
        new(id, title, message, "Peregrine", DiagnosticSeverity.Warning, isEnabledByDefault: true);
}
