using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Peregrine.Architecture.Tests.Dependencies;

/// <summary>The references in the metadata of a built assembly: what it really uses, whatever its project file says.</summary>
internal sealed record BuiltAssembly(string Name, string[] References, string[] ReferencedTypes)
{
    public static BuiltAssembly Read(byte[] image)
    {
        using var pe = new PEReader([.. image]);
        MetadataReader metadata = pe.GetMetadataReader();
        return new BuiltAssembly(
            metadata.GetString(metadata.GetAssemblyDefinition().Name),
            [.. metadata.AssemblyReferences.Select(h => metadata.GetString(metadata.GetAssemblyReference(h).Name)).Order(StringComparer.Ordinal)],
            [.. metadata.TypeReferences.Select(h => FullName(metadata, metadata.GetTypeReference(h))).Order(StringComparer.Ordinal)]);
    }

    private static string FullName(MetadataReader metadata, TypeReference type)
    {
        string name = metadata.GetString(type.Name);
        return type.Namespace.IsNil ? name : $"{metadata.GetString(type.Namespace)}.{name}";
    }
}
