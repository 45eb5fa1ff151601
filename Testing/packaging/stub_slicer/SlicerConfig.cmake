# Stands in for a Slicer build tree: what an extension of scripted modules asks of it, and no more.
# Stricter than Slicer in one thing: two modules that install the same file are an error at once.

set(stub_folder ${CMAKE_CURRENT_LIST_DIR})
set(Slicer_USE_FILE ${stub_folder}/UseSlicer.cmake)
set(Slicer_EXTENSION_GENERATE_CONFIG ${stub_folder}/CheckMetadata.cmake)
set(Slicer_EXTENSION_CPACK ${stub_folder}/CheckMetadata.cmake)
set(Slicer_VERSION_MAJOR 5)
set(Slicer_VERSION_MINOR 12)
set(Slicer_USE_PYTHONQT ON)
set(Slicer_QTSCRIPTEDMODULES_LIB_DIR lib/Slicer-5.12/qt-scripted-modules)
set(Slicer_INSTALL_QTSCRIPTEDMODULES_LIB_DIR ${Slicer_QTSCRIPTEDMODULES_LIB_DIR})
