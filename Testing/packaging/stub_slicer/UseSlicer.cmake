# The two commands that our CMakeLists call, with Slicer's arguments, destinations and complaints.

macro(slicer_add_python_unittest)
  cmake_parse_arguments(stub_test "" "SCRIPT;TESTNAME_PREFIX" "SLICER_ARGS" ${ARGN})
  if(NOT EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${stub_test_SCRIPT})
    message(FATAL_ERROR "slicer_add_python_unittest given nonexistent script '${stub_test_SCRIPT}'")
  endif()
endmacro()

function(slicerMacroBuildScriptedModule)
  cmake_parse_arguments(module "WITH_GENERIC_TESTS;WITH_SUBDIR;VERBOSE" "NAME" "SCRIPTS;RESOURCES" ${ARGN})
  if(module_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "slicerMacroBuildScriptedModule given unknown arguments '${module_UNPARSED_ARGUMENTS}'")
  endif()
  if(NOT module_NAME)
    message(FATAL_ERROR "slicerMacroBuildScriptedModule needs a NAME")
  endif()

  set(destination ${Slicer_QTSCRIPTEDMODULES_LIB_DIR})
  if(module_WITH_SUBDIR)
    get_filename_component(folder ${CMAKE_CURRENT_SOURCE_DIR} NAME)
    string(APPEND destination /${folder})
  endif()

  set(copies)
  foreach(file IN LISTS module_SCRIPTS module_RESOURCES)
    if(NOT EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${file})
      message(FATAL_ERROR "slicerMacroBuildScriptedModule(${module_NAME}) given nonexistent file '${file}'")
    endif()
    get_property(owner GLOBAL PROPERTY "stub_owner_of_${destination}/${file}")
    if(owner)
      message(FATAL_ERROR "${owner} and ${module_NAME} both install '${destination}/${file}'")
    endif()
    set_property(GLOBAL PROPERTY "stub_owner_of_${destination}/${file}" ${module_NAME})

    get_filename_component(subfolder ${file} DIRECTORY)
    set(copy ${CMAKE_BINARY_DIR}/${destination}/${file})
    add_custom_command(
      OUTPUT ${copy}
      COMMAND ${CMAKE_COMMAND} -E copy ${CMAKE_CURRENT_SOURCE_DIR}/${file} ${copy}
      DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${file}
      )
    list(APPEND copies ${copy})
    install(FILES ${copy} DESTINATION ${destination}/${subfolder})
  endforeach()
  add_custom_target(Copy${module_NAME} ALL DEPENDS ${copies})
endfunction()
