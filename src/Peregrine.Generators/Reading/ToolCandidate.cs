using Microsoft.CodeAnalysis;

namespace Peregrine.Generators.Reading;

/// <summary>A method that is a tool. Lives only while one class is read: symbols do not belong into the pipeline.</summary>
internal readonly struct ToolCandidate(IMethodSymbol method, IMethodSymbol marked, AttributeData attribute, Location? location)
{
    /// <summary>The method to call.</summary>
    internal IMethodSymbol Method { get; } = method;

    /// <summary>The method that carries the attribute: the same, one that it overrides, or one of an interface.</summary>
    internal IMethodSymbol Marked { get; } = marked;

    internal AttributeData Attribute { get; } = attribute;

    /// <summary>Where to report what is wrong with it: in this program.</summary>
    internal Location? Location { get; } = location;
}
